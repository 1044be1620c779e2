using Nern.Options;

namespace Nern.Tests.Options;

public class OptionSetTests
{
    [Fact]
    public void Options_are_found_in_records_within_records() => Assert.Equal(
        [("Size", null), ("Kind", "Inner"), ("Share", "Inner")],
        OptionSet<Outer>.All.Select(option => (option.Name, option.Group)));

    [Fact]
    public void Setting_one_leaves_the_original_and_the_others_as_they_are()
    {
        var before = new Outer { Inner = new() { Share = 0.25 } };
        var after = OptionSet<Outer>.All.Single(option => option.Name == "Share").With(before, 0.75);

        Assert.Equal(new Outer { Inner = new() { Share = 0.75 } }, after);
        Assert.Equal(0.25, before.Inner.Share);
    }

    [Fact]
    public void Values_out_of_range_are_refused_by_name() => Assert.Equal(
        "The option Share takes a number above 0 to below 1; got 1.",
        Assert.Throws<NernException>(() => OptionSet<Outer>.Check(new() { Inner = new() { Share = 1 } })).Message);

    [Fact]
    public void Files_have_options_in_the_order_asked_for_then_the_others_without_what_is_null() => Assert.Equal(
        """{"share":0.5,"kind":"utc"}""",
        OptionSet<Outer>.ToJson(new() { Inner = new() { Moment = DateTimeKind.Utc } }, ["share"]).ToJsonString());

    internal sealed record Outer
    {
        [Option("Size.", "Why.", From = 1)]
        public int? Size { get; init; }

        public Inner Inner { get; init; } = new();

        public int Count => 3;
    }

    internal sealed record Inner
    {
        [Option("Kind.", "Why.", Name = "Kind")]
        public DateTimeKind Moment { get; init; }

        [Option("Share.", "Why.", Above = 0, Below = 1)]
        public double Share { get; init; } = 0.5;
    }
}
