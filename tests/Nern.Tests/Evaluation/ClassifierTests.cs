using Nern.Data;
using Nern.Evaluation;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.OneDnn;
using Nern.OneDnn.Tests.References;
using Nern.Tests.Data.Folders;
using Nern.Tests.Engine.Reference;
using Nern.Tests.Prediction;

namespace Nern.Tests.Evaluation;

public sealed class ClassifierTests
{
    [SkippableTheory]
    [InlineData("models/resnet20-12fca82f.th", 20, Shortcut.A, "cifar10:cifar10/test_batch.bin", 10, 932, 1017)]
    [InlineData("models/resnet56-4bfd9763.th", 56, Shortcut.A, "cifar10:cifar10/test_batch.bin", 10, 943, 1017)]
    [InlineData("models/resnet32-cifar100.safetensors", 32, Shortcut.B, "cifar100:cifar100/test.bin", 100, 638, 916)]
    public void Published_networks_classify_as_published(
        string file, int depth, Shortcut shortcut, string images, int classes, int correct, int count)
    {
        var (scheme, path) = (images.Split(':')[0], images.Split(':')[1]);
        var source = DataSource.Parse($"{scheme}:{RealData.Path(path)}");
        var network = NetworkFile.Load(RealData.Path(file), CifarResNet.Build(depth, shortcut, classes));
        using var engine = new CpuEngine();
        using var classifier = new Classifier(engine, network);

        var logits = classifier.Logits(source.Test, source.DefaultNormalization);

        Assert.Equal(new Accuracy(correct, count), Accuracy.Of(logits, source.Test.Labels));
    }

    [Fact]
    public void Logits_are_those_of_the_reference_whatever_the_batch()
    {
        var random = new Generator(1);
        var network = RandomNetwork.Of(ExampleGraphs.Build("residual A"), random);
        var images = Images(7, random);
        var normalization = new Normalization([.4f, .5f, .6f], [.2f, .3f, .4f]);
        var inputs = new float[7 * 192];
        images.FillNormalized(inputs, 0, 7, normalization);
        var expected = new ReferenceNetwork(network).Forward(new Volume(7, 3, 8, 8, PredictorCase.Doubles(inputs)))[^1].Values;
        using var engine = new CpuEngine();

        foreach (var batch in new[] { 1, 3, 7, 16 })
        {
            using var classifier = new Classifier(engine, network, batch: batch);
            Closeness.AssertClose(expected, PredictorCase.Doubles(classifier.Logits(images, normalization)), Closeness.Float32Tolerance);
            Closeness.AssertClose(expected, PredictorCase.Doubles(classifier.Logits(inputs)), Closeness.Float32Tolerance);
        }
    }

    [Fact]
    public void Images_that_cannot_be_read_are_left_out_with_their_labels()
    {
        using var folder = new PictureFolder();
        using var whole = new PictureFolder();
        for (var i = 0; i < 7; i++)
        {
            var name = $"c{i % 4}/{i}.png";
            _ = i is 2 or 6 ? folder.AddText(name, "broken") : folder.Add(name, (ulong)i);
            _ = i is 2 or 6 ? whole : whole.Add(name, (ulong)i);
        }
        whole.AddText("synsets.txt", "c0\nc1\nc2\nc3");
        using var engine = new CpuEngine();
        using var classifier = new Classifier(engine, RandomNetwork.Of(ExampleGraphs.Build("residual A"), new Generator(1)), batch: 3);

        var classification = classifier.Classify(Images(folder), Normalization.ImageNet);
        var expected = classifier.Classify(Images(whole), Normalization.ImageNet);

        Assert.Equal([0, 0, 1, 1, 3], classification.Labels);
        Assert.Equal(expected.Logits, classification.Logits);
        using var broken = new PictureFolder().AddText("a/1.png", "");
        Assert.Contains("None of the 1 images",
            Assert.Throws<NernException>(() => classifier.Logits(Images(broken), Normalization.ImageNet)).Message);

        static LabelledImages Images(PictureFolder folder) => DataSource.Parse($"imagefolder:{folder.FullName}").For(new(3, 8, 8)).Test;
    }

    [Fact]
    public void Images_the_network_does_not_take_are_refused()
    {
        using var engine = new CpuEngine();
        using var classifier = new Classifier(engine, RandomNetwork.Of(ExampleGraphs.Build("residual A"), new Generator(1)));
        var normalization = Normalization.ImageNet;

        Assert.Equal(
            "The network takes images of 3x8x8; these are 3x8x9.",
            Assert.Throws<NernException>(() => classifier.Logits(new ImageSet(new byte[216], [0], 3, 8, 9, 4), normalization)).Message);
        Assert.Equal(
            "The network tells 4 classes apart; the images have 5.",
            Assert.Throws<NernException>(() => classifier.Logits(new ImageSet(new byte[192], [0], 3, 8, 8, 5), normalization)).Message);
    }

    [Fact]
    public void A_network_of_a_single_logit_takes_images_of_two_classes_and_no_more()
    {
        using var engine = new CpuEngine();
        using var classifier = new Classifier(engine, RandomNetwork.Of(ExampleGraphs.Build("one logit"), new Generator(1)), batch: 2);

        var classified = classifier.Classify(new ImageSet(new byte[3 * 192], [0, 1, 1], 3, 8, 8, 2), Normalization.ImageNet);

        Assert.Equal(3, classified.Logits.Length);
        // Equal images, so that all are of one class.
        Assert.Equal(classified.Logits[0] > 0 ? 2 : 1, classified.Accuracy.Correct);
        var ten = new ImageSet(new byte[192], [0], 3, 8, 8, 10);
        Assert.Equal(
            "The network tells 2 classes apart; the images have 10.",
            Assert.Throws<NernException>(() => classifier.Logits(ten, Normalization.ImageNet)).Message);
    }

    private static ImageSet Images(int count, Generator random)
    {
        byte[] pixels = [.. Enumerable.Range(0, count * 192).Select(_ => (byte)random.NextInt32(256))];
        return new(pixels, new int[count], 3, 8, 8, 4);
    }
}
