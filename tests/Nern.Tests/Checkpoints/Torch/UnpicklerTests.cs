using System.Numerics;
using Nern.Checkpoints.Torch;
using Nern.Files;

namespace Nern.Tests.Checkpoints.Torch;

public sealed class UnpicklerTests
{
    [Fact]
    public void Load_reads_every_kind_of_leaf()
    {
        var pickle = new PickleBuilder()
            .Op("(N").Raw(0x88, 0x89).Int(-5).Op("K").Raw(200).Op("M").Raw(1, 2)
            .Raw(0x8A, 1, 0xFE).Raw(0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1)
            .Op("G").Raw(0x3F, 0xF8, 0, 0, 0, 0, 0, 0)
            .Text("é").Raw(0x8C, 1, (byte)'s').Raw(0x8D, 1, 0, 0, 0, 0, 0, 0, 0, (byte)'l')
            .Op("U").Raw(1, 0xE9).Op("T").Raw(1, 0, 0, 0, (byte)'t').Op("t").Stop();

        Assert.Equal(
            new object?[] { null, true, false, -5L, 200L, 513L, -2L, BigInteger.One << 64, 1.5, "é", "s", "l", "é", "t" },
            Assert.IsType<object?[]>(Load(pickle)));
    }

    [Fact]
    public void Load_builds_containers_and_remembers_values()
    {
        // [1, 2, 3], the same list by memo, a 1-, 2- and 3-tuple, an empty one, and a popped value.
        var pickle = new PickleBuilder()
            .Op("(]q\u0001").Int(1).Op("a(").Int(2).Int(3).Op("eh\u0001")
            .Op("N").Raw(0x85).Op("NN").Raw(0x86).Op("NNN").Raw(0x87).Op(")N0t").Stop();

        var values = Assert.IsType<object?[]>(Load(pickle));
        Assert.Equal([1L, 2L, 3L], Assert.IsType<List<object?>>(values[0]));
        Assert.Same(values[0], values[1]);
        Assert.Equal([1, 2, 3, 0], values[2..].Select(value => ((object?[])value!).Length));
    }

    [Fact]
    public void Load_keeps_dictionary_entries_with_string_keys_in_order()
    {
        var pickle = new PickleBuilder()
            .Global("collections", "OrderedDict").Op(")R(")
            .Text("b").Int(1).Int(7).Int(2).Text("a").Int(3).Op("u").Text("b").Int(4).Op("s}b").Stop();

        var dictionary = Assert.IsType<PickleDictionary>(Load(pickle));
        Assert.Equal([new("b", 4L), new("a", 3L)], dictionary.Entries);
    }

    [Fact]
    public void Load_takes_an_ordered_dictionary_as_python_2_wrote_it()
    {
        var pickle = new PickleBuilder().Global("collections", "OrderedDict").Op("(](](U").Raw(1, (byte)'k').Int(1).Op("eetR").Stop();

        Assert.Equal([new("k", 1L)], Assert.IsType<PickleDictionary>(Load(pickle)).Entries);
    }

    [Fact]
    public void A_call_of_os_system_is_not_run_and_leaves_only_its_name()
    {
        using var folder = new TemporaryFolder();
        var pickle = new PickleBuilder().Global("os", "system").Op("(").Text($"touch {folder.File("run")}").Op("tR").Stop();

        Assert.Equal("os.system", Assert.IsType<PickleObject>(Load(pickle)).Name);
        Assert.Empty(Directory.GetFileSystemEntries(folder.FullName));
    }

    [Fact]
    public void A_global_that_comes_from_the_stack_is_only_its_name() =>
        Assert.Equal("builtins.eval", Assert.IsType<PickleObject>(
            Load(new PickleBuilder().Text("builtins").Text("eval").Raw(0x93).Stop())).Name);

    [Fact]
    public void Objects_of_unknown_classes_keep_their_items_and_nothing_else()
    {
        // A call, NEWOBJ and NEWOBJ_EX (with named arguments), then appended, set, added and state.
        foreach (var make in new[] { ")R", ")\u0081", ")}\u0092" })
        {
            var pickle = new PickleBuilder().Global("a", "B").Raw([.. make.Select(c => (byte)c)])
                .Op("Na(NNe").Text("k").Int(1).Op("s(").Int(7).Int(2).Text("l").Int(3).Op("u(N").Raw(0x90).Op("}b").Stop();

            var made = Assert.IsType<PickleObject>(Load(pickle));
            Assert.Equal(("a.B", false), (made.Name, made.IsModule));
            Assert.Equal([new("k", 1L), new("l", 3L)], made.Items!.Entries);
        }
    }

    [Fact]
    public void Bytes_sets_and_large_integers_are_passed_over()
    {
        var pickle = new PickleBuilder()
            .Op("(C").Raw(2, 1, 2).Op("B").Raw(1, 0, 0, 0, 9).Raw(0x8E, 1, 0, 0, 0, 0, 0, 0, 0, 9).Raw(0x96, 1, 0, 0, 0, 0, 0, 0, 0, 9)
            .Raw(0x8F).Op("(N").Raw(0x90).Op("(NN").Raw(0x91).Op("(NN1").Raw(0x8B, 2, 0, 0, 0, 0, 1).Op("t").Stop();

        var values = Assert.IsType<object?[]>(Load(pickle));
        Assert.Equal(["bytes", "bytes", "bytes", "bytes", "set", "frozenset"], values[..^1].Select(value => ((PickleObject)value!).Name));
        Assert.Equal(256L, values[^1]);
    }

    [Fact]
    public void What_is_made_of_something_unknown_is_unknown_itself()
    {
        var pickle = new PickleBuilder().Global("torch._utils", "_rebuild_parameter").Global("a", "B").Raw(0x85).Op("R").Stop();

        Assert.Equal("a.B", Assert.IsType<PickleObject>(Load(pickle)).Name);
    }

    [Theory]
    [InlineData('i')] // INST, of protocol 0: looks up a class and calls it
    [InlineData('o')] // OBJ, of protocol 1: calls a class
    [InlineData('\u0082')] // EXT1: a global by number
    public void Load_refuses_every_other_way_to_call(char opcode) =>
        Assert.Equal(
            $"has the pickle instruction 0x{(int)opcode:X2} at byte 2, which a checkpoint does not need; it was not run.",
            ErrorOf(new PickleBuilder().Raw((byte)opcode).Stop()));

    [Fact]
    public void Load_refuses_damaged_pickles()
    {
        Assert.Equal("has a damaged pickle: expected a value on its stack, found none.", ErrorOf(new PickleBuilder().Stop()));
        Assert.Equal("has a damaged pickle: expected a value on its stack, found none.", ErrorOf(new PickleBuilder().Op("]N(a").Stop()));
        Assert.Equal("has a damaged pickle: expected a mark on its stack, found none.", ErrorOf(new PickleBuilder().Op("t").Stop()));
        Assert.Equal("has a damaged pickle: expected a list on its stack, found None.", ErrorOf(new PickleBuilder().Op("NNa").Stop()));
        Assert.Equal(
            "has a damaged pickle: expected a dictionary on its stack, found a list.",
            ErrorOf(new PickleBuilder().Op("]NNs").Stop()));
        Assert.Equal(
            "has a damaged pickle: expected a dictionary on its stack, found a tuple.",
            ErrorOf(new PickleBuilder().Op("))b").Stop()));
        Assert.Equal(
            "has a damaged pickle: expected a value for each key of a dictionary, found one too few.",
            ErrorOf(new PickleBuilder().Op("}(Nu").Stop()));
        Assert.Equal(
            "has a damaged pickle: expected the value remembered as 7, found none.",
            ErrorOf(new PickleBuilder().Op("h\u0007").Stop()));
        Assert.Equal(
            "has a damaged pickle: expected a function on its stack, found a string.",
            ErrorOf(new PickleBuilder().Text("f").Op(")R").Stop()));
        Assert.Equal(
            "has a damaged pickle: 'torch._utils._rebuild_tensor' does not take (None, an integer).",
            ErrorOf(new PickleBuilder().Global("torch._utils", "_rebuild_tensor_v2").Op("N").Int(1).Raw(0x86).Op("R").Stop()));
        Assert.Equal(
            "has text before byte 8 of its pickle that is not UTF-8.",
            ErrorOf(new PickleBuilder().Op("X").Raw(1, 0, 0, 0, 0xFF).Stop()));
        Assert.Equal("has a pickle of protocol 9; expected 2 to 5.", ErrorOf([0x80, 9]));
    }

    [Fact]
    public void Load_refuses_lengths_beyond_the_end_without_allocating_them()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(
            "ends too early: expected 4294967295 more bytes at byte 7, found 1.",
            ErrorOf(new PickleBuilder().Op("X").Raw(255, 255, 255, 255).Stop()));
        Assert.Equal("ends too early: expected a line feed after byte 3, found none.", ErrorOf([0x80, 2, (byte)'c', (byte)'o', (byte)'s']));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Theory]
    [InlineData("}")]
    [InlineData("]Na")]
    [InlineData("N\u0085")]
    [InlineData("}h\u0001Ns")]
    [InlineData("h\u0002h\u0003R")]
    [InlineData("h\u0002)R")]
    [InlineData("(")]
    [InlineData("Nr\u0001\u0002\u0003\u0004")]
    [InlineData("h\u0004)R")]
    [InlineData("h\u0004)\u0081h\u0001Ns")]
    [InlineData("\u008f")]
    [InlineData("C\0")]
    [InlineData("ca\nB\n")]
    public void Load_stops_at_a_bounded_number_of_instructions_and_bytes(string repeated)
    {
        var builder = new PickleBuilder()
            .Text("key").Op("q\u0001").Global("collections", "OrderedDict").Op("q\u0002")
            .Op("](](").Text("k").Op("Nee").Raw(0x85).Op("q\u0003").Global("a", "B").Op("q\u0004");
        var pickle = builder.Raw(Enumerable.Repeat(repeated.Select(c => (byte)c), 1 << 19).SelectMany(bytes => bytes).ToArray()).Stop();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("has a pickle that is too long: expected at most 524288 instructions.", ErrorOf(pickle));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L << 20);
    }

    [Fact]
    public void Load_charges_for_lists_that_are_copied_again_and_again()
    {
        var builder = new PickleBuilder().Op("](");
        for (var i = 0; i < 10_000; i++)
            builder.Op("](NNe");
        builder.Op("e").Raw(0x85).Op("q\u0000").Global("collections", "OrderedDict").Op("q\u0001");
        for (var i = 0; i < 1000; i++)
            builder.Op("h\u0001h\u0000R");

        Assert.Equal("has a pickle that is too long: expected at most 524288 instructions.", ErrorOf(builder.Stop()));
    }

    [Theory]
    [InlineData("h\u0001h\u0001\u0093")] // joined as the name of a global
    [InlineData("}h\u0001Ns")] // a key of ever new dictionaries
    [InlineData("h\u0002)\u0081h\u0001Ns")] // of ever new objects
    [InlineData("h\u0003h\u0004R")] // of dictionaries as Python 2 made them
    public void A_long_text_that_is_used_again_and_again_is_charged_each_time(string repeated)
    {
        var builder = new PickleBuilder()
            .Text(new string('k', 1 << 20)).Op("q\u0001").Global("a", "B").Op("q\u0002").Global("collections", "OrderedDict").Op("q\u0003")
            .Op("](](h\u0001Nee").Raw(0x85).Op("q\u0004");
        var pickle = builder.Raw(Enumerable.Repeat(repeated.Select(c => (byte)c), 1 << 16).SelectMany(bytes => bytes).ToArray()).Stop();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("has a pickle that is too long: expected at most 524288 instructions.", ErrorOf(pickle));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128L << 20);
    }

    private static object? Load(byte[] pickle) =>
        new Unpickler(new ByteReader(pickle), TorchGlobals.Find, new TorchStorages().Declare).Load();

    private static string ErrorOf(byte[] pickle) => Assert.Throws<InvalidDataException>(() => Load(pickle)).Message;
}
