"""What an authority's statement prints of a school: its rows read, and compared with what the rules come to."""
