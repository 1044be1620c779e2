namespace Nern.OneDnn.Tests;

public class NativeLibraryResolverTests
{
    [Fact]
    public void A_missing_library_is_reported_with_what_was_tried_and_the_package_to_install()
    {
        var message = Assert.Throws<OneDnnException>(
            () => NativeLibraryResolver.Load("oneDNN 2", "libdnnl2", null, "", "libnowhere.so.2", "libnowhere.so")).Message;
        Assert.StartsWith("OneDNN 2 could not be loaded (tried libnowhere.so.2, libnowhere.so on the loader's path)", message);
        Assert.Contains("apt-get install libdnnl2", message);
        Assert.Contains("NERN_ONEDNN", message);
    }

    [Fact]
    public void Only_the_library_that_a_variable_can_name_mentions_the_variable()
    {
        var message = Assert.Throws<OneDnnException>(
            () => NativeLibraryResolver.Load("the GNU OpenMP runtime", "libgomp1", "libnowhere.so.1")).Message;
        Assert.StartsWith("The GNU OpenMP runtime could not be loaded", message);
        Assert.DoesNotContain("NERN_ONEDNN", message);
    }

    [Fact]
    public void The_first_candidate_that_loads_is_taken() =>
        Assert.NotEqual(0, NativeLibraryResolver.Load("the C library", "libc6", "libnowhere.so", "libc.so.6"));
}
