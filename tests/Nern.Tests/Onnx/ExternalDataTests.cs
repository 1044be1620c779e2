using Google.Protobuf;
using Nern.Onnx;
using Nern.Onnx.Protocol;

namespace Nern.Tests.Onnx;

public sealed class ExternalDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _inside;

    public ExternalDataTests()
    {
        _inside = _folder.File("inside");
        Directory.CreateDirectory(Path.Combine(_inside, "sub"));
        var data = new byte[100];
        data[4 + 3] = 64;
        foreach (var place in new[] { "data", "inside/data", "inside/sub/data" })
            File.WriteAllBytes(_folder.File(place), data);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data", "4")]
    [InlineData("sub/data", "4")]
    [InlineData("sub/../data", "4")]
    [InlineData("data", "76")]
    public void Data_in_the_model_s_folder_is_read(string location, string offset) =>
        Assert.Equal(offset == "4" ? 2f : 0f, OnnxFile.Load(Model(location, offset, "24")).Values("w.weight")[0]);

    [Theory]
    [InlineData("../data")]
    [InlineData("sub/../../data")]
    [InlineData("sub")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("gone")]
    [InlineData("a\0b")]
    [InlineData("link")]
    [InlineData("linked/data")]
    public void What_is_no_file_in_the_folder_is_refused(string location)
    {
        File.CreateSymbolicLink(Path.Combine(_inside, "link"), _folder.File("data"));
        Directory.CreateSymbolicLink(Path.Combine(_inside, "linked"), _folder.FullName);

        Refuses("has a tensor 'w.weight' in '" + location.Replace('\0', '?') + "', which is not a file in the model's folder.", location);
    }

    [Fact]
    public void An_absolute_path_is_refused_even_into_the_folder() =>
        Refuses("which is not a file in the model's folder.", Path.Combine(_inside, "data"));

    [Fact]
    public void A_link_that_leads_around_is_refused()
    {
        File.CreateSymbolicLink(Path.Combine(_inside, "around"), Path.Combine(_inside, "around"));

        Refuses("'around', which ", "around");
    }

    [Fact]
    public void A_link_within_the_folder_is_followed()
    {
        File.CreateSymbolicLink(Path.Combine(_inside, "link"), "sub/data");

        Assert.Equal(2f, OnnxFile.Load(Model("link", "4", "24")).Values("w.weight")[0]);
    }

    [Fact]
    public void A_model_in_a_folder_that_is_a_link_is_read()
    {
        Directory.CreateSymbolicLink(_folder.File("other"), _inside);
        Model("data", "4", "24");

        Assert.Equal(2f, OnnxFile.Load(_folder.File("other/a.onnx")).Values("w.weight")[0]);
    }

    [Theory]
    [InlineData("77", "24", "at bytes 77 to 101 of 'data', which has 100; expected 24 bytes.")]
    [InlineData("0", "23", "at bytes 0 to 23 of 'data', which has 100; expected 24 bytes.")]
    [InlineData("9223372036854775807", "24", "at bytes 9223372036854775807 to 9223372036854775831 of 'data'")]
    [InlineData("0", "9223372036854775807", "expected 24 bytes.")]
    [InlineData("-1", "24", "with the offset '-1'; expected a number.")]
    [InlineData("0", "many", "with the length 'many'; expected a number.")]
    public void Places_outside_of_the_file_are_refused(string offset, string length, string message) =>
        Refuses(message, "data", offset, length);

    [Fact]
    public void A_file_is_not_read_over_and_over()
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Model("data", "4", "24")));
        for (var i = 0; i < 20; i++)
        {
            var again = model.Graph.Initializer[0].Clone();
            again.Name = $"again{i}";
            model.Graph.Initializer.Add(again);
        }
        File.WriteAllBytes(Path.Combine(_inside, "a.onnx"), model.ToByteArray());

        Assert.Contains(
            "reads 'data' more than twice over",
            Assert.Throws<NernException>(() => OnnxFile.Load(Path.Combine(_inside, "a.onnx"))).Message);
    }

    [Fact]
    public void A_file_that_is_not_named_is_refused()
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Model("data", "4", "24")));
        model.Graph.Initializer[0].ExternalData.Clear();
        File.WriteAllBytes(Path.Combine(_inside, "a.onnx"), model.ToByteArray());

        Assert.Contains(
            "has a tensor 'w.weight' in another file that it does not name.",
            Assert.Throws<NernException>(() => OnnxFile.Load(Path.Combine(_inside, "a.onnx"))).Message);
    }

    private void Refuses(string message, string location, string offset = "4", string length = "24")
    {
        var path = Model(location, offset, length);
        var found = Assert.Throws<NernException>(() => OnnxFile.Load(path)).Message;
        Assert.StartsWith($"'{path}' has a tensor 'w.weight' ", found);
        Assert.Contains(message, found);
    }

    private string Model(string location, string offset, string length)
    {
        var builder = new ModelBuilder().Weights("w.weight", 2, 3, 1, 1).Node("Conv", ["x", "w.weight"], "y");
        var stored = builder.Model.Graph.Initializer[0];
        stored.ClearRawData();
        stored.DataLocation = 1;
        foreach (var (key, value) in new[] { ("location", location), ("offset", offset), ("length", length) })
            stored.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        var path = Path.Combine(_inside, "a.onnx");
        File.WriteAllBytes(path, builder.Bytes());
        return path;
    }
}
