"""What the book asks of Sphinx beyond the theme's own options."""

from tools.book.extension import mark_words


def test_words_in_a_table_are_told_from_numbers():
    row = "<td>1.2</td><td>west</td><td>nan</td>"
    context = {"body": f'{row}<table class="dataframe">{row}</table>'}
    mark_words(None, "page", "", context, None)
    marked = row.replace("<td>west", '<td class="text">west')
    assert context["body"] == f'{row}<table class="dataframe">{marked}</table>'
