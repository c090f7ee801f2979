import pytest

from app.pages.vendor_govuk import MarksLeft, vendor, without_map, without_marks

STYLE = (
    "/*! licensed */@font-face{font-family:GDS Transport;src:url(/a.woff2)}"
    ".a{font-family:GDS Transport,arial,sans-serif}.govuk-footer__crown{margin:0}"
    ".b:before{background-image:url(/govuk-crest.svg)}"
    "@supports (mask:initial){.b:before{mask-image:url(/govuk-crest.svg)}}.c{color:red}"
)


def test_typeface_crest_and_crown_are_taken_out_and_the_rest_is_left():
    assert without_marks(STYLE) == ".a{font-family:Helvetica,Arial,sans-serif}.c{color:red}"


def test_a_mark_that_is_left_stops_the_copying():
    with pytest.raises(MarksLeft, match=r"GDS Transport"):
        without_marks('.a{font:1rem "GDS Transport"}')


def test_a_script_names_no_map_that_is_not_served():
    assert without_map("let a;//# sourceMappingURL=a.js.map\n") == "let a;"


def test_style_and_script_of_an_unpacked_package_are_copied(tmp_path, monkeypatch):
    built = tmp_path / "package" / "dist" / "govuk"
    built.mkdir(parents=True)
    (built / "govuk-frontend.min.css").write_text(STYLE)
    (built / "govuk-frontend.min.js").write_text("let a;")
    monkeypatch.setattr("app.pages.vendor_govuk.STATIC", tmp_path)
    vendor(tmp_path / "package")
    assert ".c{color:red}" in (tmp_path / "govuk-frontend.min.css").read_text()
    assert (tmp_path / "govuk-frontend.min.js").read_text() == "let a;"
