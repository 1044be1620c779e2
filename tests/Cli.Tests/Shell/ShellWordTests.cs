using Nern.Cli.Shell;

namespace Nern.Cli.Tests.Shell;

public class ShellWordTests
{
    [Theory]
    [InlineData("plain/path.nern", "plain/path.nern")]
    [InlineData("cifar10:some folder", "'cifar10:some folder'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("", "''")]
    public void A_word_is_quoted_where_a_shell_would_split_it(string text, string expected) => Assert.Equal(expected, ShellWord.Of(text));
}
