"""Tables on the console that several studies show."""

from rich.table import Table


def titled_table(title: str, *columns: str) -> Table:
    """Return an empty table of words in the first column and figures in the others."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", no_wrap=True)
    return table


def spaced(name: str) -> str:
    """Return a key of a result as words."""
    return name.replace("_", " ")
