using Nern.Cli.Pages;
using static Nern.Cli.Pages.Html;

namespace Nern.Cli.Tests.Pages;

public class HtmlTests
{
    private const string Hostile = """</td><script>alert("1")</script>'&""";

    [Fact]
    public void Texts_and_attributes_are_encoded()
    {
        var markup = Tag("td", [("title", Hostile)], Hostile, $"{Hostile} é").ToString();

        Assert.DoesNotContain("<script", markup);
        Assert.Equal(4, markup.Count(letter => letter is '<' or '>'));
        Assert.Equal(2, markup.Count(letter => letter == '"'));
        Assert.DoesNotContain('\'', markup);
        Assert.EndsWith(" é</td>", markup);
        Assert.Contains("alert", System.Net.WebUtility.HtmlDecode(markup));
    }

    [Fact]
    public void What_is_encoded_is_not_encoded_again()
    {
        Assert.Equal("<p><b>1 &lt; 2</b></p>", Tag("p", Tag("b", "1 < 2")).ToString());
        Assert.Equal("<i></i>&amp;", (Tag("i") + "&").ToString());
        Assert.Equal("", None.ToString());
    }

    [Fact]
    public void Attributes_without_a_value_are_left_out_and_some_elements_have_no_end()
    {
        Assert.Equal("<img src=\"x\" hidden=\"\">", Tag("img", [("src", "x"), ("class", null), ("hidden", "")]).ToString());
    }

    [Fact]
    public void The_data_of_a_chart_is_no_markup()
    {
        var chart = new Chart { Kind = "lines", X = ["x"], Y = Hostile, Series = [new(Hostile, [[1, 2]], [Hostile])] };

        var markup = chart.ToHtml("what it shows").ToString();

        Assert.DoesNotContain("<script>", markup);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(markup, "</script>"));
    }

    [Fact]
    public void Numbers_of_a_table_stand_to_the_right()
    {
        var markup = new HtmlTable("layer", "#bytes").Add("a<b", "12").Sum("all", "12").ToHtml("caption").ToString();

        Assert.Contains("<th scope=\"col\" class=\"number\">bytes</th>", markup);
        Assert.Contains("<th scope=\"row\">a&lt;b</th><td class=\"number\">12</td>", markup);
        Assert.Contains("<tfoot><tr><th scope=\"row\">all</th>", markup);
    }
}
