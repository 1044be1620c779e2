using FsCheck;
using FsCheck.Fluent;
using Nern.Logs;

namespace Nern.Tests.Logs;

public sealed class EventFileTests : IDisposable
{
    private const int Start = 1;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_checksum_of_these_tests_is_the_standards() => Assert.Equal(0xE3069283, RecordedEvent.Crc32C("123456789"u8));

    [Fact]
    public void A_length_has_the_checksum_that_tensorflow_gives_it() =>
        Assert.Equal([24, 0, 0, 0, 0, 0, 0, 0, 0xA3, 0x7F, 0x4B, 0x22], EventRecord.Of(new byte[24])[..12]);

    [Fact]
    public void A_file_begins_with_its_version_and_the_start_of_a_session()
    {
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        using (EventFile.Create(_folder.FullName, firstStep: 5))
        {
        }

        var path = Assert.Single(Directory.GetFiles(_folder.FullName));
        Assert.Matches(@"^events\.out\.tfevents\.\d{10}\..+\.0$", Path.GetFileName(path));
        var events = RecordedEvent.ReadAll(path);
        Assert.Equal([("brain.Event:2", null, 0), (null, Start, 5L)], events.Select(e => (e.FileVersion, e.SessionStatus, e.Step)));
        Assert.All(events, e => Assert.InRange(e.WallTime, before, before + 60));
    }

    [Fact]
    public void Whatever_is_written_is_read_back()
    {
        var values = ArbMap.Default.ArbFor<(NonNegativeInt Step, Dictionary<NonEmptyString, float> Scalars)[]>();
        Prop.ForAll(values, steps =>
        {
            // A lone surrogate has no UTF-8.
            var expected = steps.Select(s => (Step: (long)s.Step.Get << 8, Scalars: s.Scalars
                .Where(scalar => scalar.Key.Get.All(c => !char.IsSurrogate(c)))
                .ToDictionary(scalar => scalar.Key.Get, scalar => scalar.Value))).ToList();
            var stream = new MemoryStream();
            using var file = new EventFile(stream, 0);
            foreach (var (step, scalars) in expected)
                file.Write(step, scalars.Select(scalar => (scalar.Key, (double?)scalar.Value)));

            var read = RecordedEvent.ReadAll(stream.ToArray()).Skip(2).ToList();
            Assert.Equal(expected.Select(e => e.Step), read.Select(e => e.Step));
            Assert.All(expected.Zip(read), pair => Assert.Equal(pair.First.Scalars, pair.Second.Scalars));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_value_that_there_is_not_has_no_point()
    {
        var stream = new MemoryStream();
        using var file = new EventFile(stream, 0);
        file.Write(1, [("a", 0), ("b", null), ("c", double.NaN)]);

        Assert.Equal(new Dictionary<string, float> { ["a"] = 0, ["c"] = float.NaN }, RecordedEvent.ReadAll(stream.ToArray())[^1].Scalars);
    }

    [Fact]
    public void A_file_cut_anywhere_keeps_the_events_before()
    {
        var stream = new MemoryStream();
        var ends = new List<long>();
        using var file = new EventFile(stream, 0);
        for (var step = 1; step <= 3; step++)
        {
            ends.Add(stream.Length);
            file.Write(step, [("loss/total", step)]);
        }

        var bytes = stream.ToArray();
        for (var length = (int)ends[0]; length < bytes.Length; length++)
            Assert.Equal(
                Enumerable.Range(1, ends.Count(end => end <= length) - 1).Select(step => (long)step),
                RecordedEvent.ReadAll(bytes[..length]).Skip(2).Select(e => e.Step));
    }

    [Fact]
    public void Events_are_in_the_file_as_soon_as_they_are_written()
    {
        using var file = EventFile.Create(_folder.FullName, 0);
        file.Write(1, [("a", 1)]);

        using var read = new FileStream(Directory.GetFiles(_folder.FullName)[0], FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[read.Length];
        read.ReadExactly(bytes);
        Assert.Equal(3, RecordedEvent.ReadAll(bytes).Count);
    }

    [Fact]
    public void Later_files_sort_behind_earlier_ones()
    {
        var created = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            using (EventFile.Create(_folder.FullName, i))
            {
            }
            created.Add(Directory.GetFiles(_folder.FullName).Except(created).Single());
        }

        Assert.Equal(created.Order(StringComparer.Ordinal), created);
    }

    [Fact]
    public void All_event_files_of_a_folder_are_deleted_and_nothing_else()
    {
        using (EventFile.Create(_folder.FullName, 0))
            File.WriteAllText(_folder.File("notes.txt"), "mine");
        EventFile.DeleteAll(_folder.FullName);
        EventFile.DeleteAll(_folder.File("none"));

        Assert.Equal([_folder.File("notes.txt")], Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void A_place_that_is_no_folder_is_named()
    {
        File.WriteAllText(_folder.File("a"), "");

        Assert.StartsWith(
            $"'{_folder.File("a")}' could not be written: ",
            Assert.Throws<NernException>(() => EventFile.Create(_folder.File("a"), 0)).Message);
    }
}
