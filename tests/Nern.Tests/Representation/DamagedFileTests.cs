using System.Text;
using Nern.Checkpoints.Safetensors;
using Nern.Orderings;
using Nern.Representation;

namespace Nern.Tests.Representation;

public sealed class DamagedFileTests : IDisposable
{
    private static readonly byte[] Good = NernBytes.Of(OrderingKind.CrossFilter);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        for (var length = 0; length < Good.Length; length += length < 200 ? 1 : 97)
            Assert.Throws<NernException>(() => Load(Good[..length]));
        Assert.Throws<NernException>(() => Load(Good[..^1]));
    }

    [Fact]
    public void A_file_with_something_behind_is_refused() => Assert.Throws<NernException>(() => Load([.. Good, 0]));

    [Fact]
    public void A_file_with_any_byte_altered_is_refused()
    {
        var random = new Generator(1);
        for (var i = 0; i < 300; i++)
        {
            var bytes = Good.ToArray();
            bytes[random.NextInt32(bytes.Length)] ^= (byte)(1 << random.NextInt32(8));
            Assert.Throws<NernException>(() => Load(bytes));
        }
    }

    [Fact]
    public void An_altered_parameter_is_told_by_the_digest()
    {
        var bytes = Good.ToArray();
        bytes[^1] ^= 1;

        Assert.Matches(
            "was altered after it was written: its digest says [0-9a-f]{12}…, its content has [0-9a-f]{12}…", Refused(bytes));
    }

    [Fact]
    public void Digits_of_the_digest_are_lower_case()
    {
        var bytes = Good.ToArray();
        var start = bytes.AsSpan().IndexOf("nern.digest"u8) + 14;
        var letter = start + bytes.AsSpan(start, 64).IndexOfAnyInRange((byte)'a', (byte)'f');
        bytes[letter] = (byte)(bytes[letter] - 32);

        Assert.Contains("was altered", Refused(bytes));
    }

    [Fact]
    public void Another_version_is_told()
    {
        Assert.Contains(
            "has version 3 of its format; this program reads version 1 and 2",
            Refused(NernBytes.Changed(Good, m => m["nern.version"] = "3")));
        Assert.Contains("has version none", Refused(NernBytes.Changed(Good, m => m.Remove("nern.version"))));
    }

    [Fact]
    public void A_file_without_a_digest_is_refused()
    {
        Assert.Contains("has no digest", Refused(NernBytes.Changed(Good, m => m.Remove("nern.digest"))));
        var digest = SafetensorsReader.Read(Good, "test").Metadata["nern.digest"];
        var shortened = Encoding.Latin1.GetString(Good).Replace($"\"{digest}\"", $"\"{digest[1..]}\" ");
        Assert.Contains("was altered", Refused(Encoding.Latin1.GetBytes(shortened)));
    }

    [Fact]
    public void The_digest_cannot_hide_in_another_entry()
    {
        // Text before the real one that looks like a digest is part of a string, and so has its quotes escaped.
        var bytes = NernBytes.Changed(Good, m => m["a"] = "\"nern.digest\":\"" + new string('0', 64));

        Assert.Contains("is not a .nern file", Refused(bytes));
        Assert.Contains(Encoding.ASCII.GetString("\\\"nern.digest\\\""u8), Encoding.Latin1.GetString(bytes));
    }

    private void Load(byte[] bytes)
    {
        File.WriteAllBytes(_folder.File("a.nern"), bytes);
        NernFile.Load(_folder.File("a.nern"));
    }

    private string Refused(byte[] bytes) => Assert.Throws<NernException>(() => Load(bytes)).Message;
}
