"""The pages for school business managers: a budget worked out, with its working."""
