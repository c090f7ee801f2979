"""Workbooks of rules as a person saves them after changing some cells."""

import xlsxwriter


def edited_workbook(sheets, path, changes):
    """Write sheets with some cells changed: by sheet, {(row, column): value}."""
    with xlsxwriter.Workbook(path) as workbook:
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.name)
            page.write_row(0, 0, sheet.columns)
            for number, cells in enumerate(sheet.rows, start=1):
                page.write_row(number, 0, cells)
            for (row, column), value in changes.get(sheet.name, {}).items():
                place = sheet.columns.index(column)
                if hasattr(value, "year"):
                    form = workbook.add_format({"num_format": "yyyy-mm-dd"})
                    page.write_datetime(row - 1, place, value, form)
                elif isinstance(value, str):
                    page.write_string(row - 1, place, value)
                else:
                    page.write_number(row - 1, place, value)
    return path
