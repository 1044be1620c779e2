using System.Runtime.CompilerServices;

namespace Nern.OneDnn;

/// <summary>A window (and a pooling kernel) as the C API takes it; pinned for as long as this is held.</summary>
internal sealed unsafe class Sliding
{
    private readonly long[] _values = GC.AllocateArray<long>(10, pinned: true);

    internal Sliding(Window window, int kernelY = 0, int kernelX = 0)
    {
        _values[0] = window.StrideY;
        _values[1] = window.StrideX;
        _values[2] = window.DilationY - 1;
        _values[3] = window.DilationX - 1;
        _values[4] = window.Top;
        _values[5] = window.Left;
        _values[6] = window.Bottom;
        _values[7] = window.Right;
        _values[8] = kernelY;
        _values[9] = kernelX;
    }

    internal long* Strides => At(0);

    internal long* Dilations => At(2);

    internal long* Before => At(4);

    internal long* After => At(6);

    internal long* Kernel => At(8);

    private long* At(int index) => (long*)Unsafe.AsPointer(ref _values[index]);
}
