namespace Nern.Imaging.Tests;

public sealed class NativeLibraryResolverTests
{
    [Fact]
    public void A_missing_library_is_reported_with_what_was_tried_and_the_package_to_install()
    {
        var message = Assert.Throws<DllNotFoundException>(
            () => NativeLibraryResolver.Load("libpng 1.6", "libpng16-16", "libnowhere.so.2", "libnowhere.so")).Message;
        Assert.StartsWith("libpng 1.6 could not be loaded (tried libnowhere.so.2, libnowhere.so on the loader's path)", message);
        Assert.Contains("apt-get install libpng16-16", message);
    }

    [Fact]
    public void The_first_candidate_that_loads_is_taken() =>
        Assert.NotEqual(0, NativeLibraryResolver.Load("The C library", "libc6", "libnowhere.so", "libc.so.6"));
}
