namespace Nern.Networks;

/// <summary>The order in which a network takes the colours of an image.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,
    /// <summary>Blue, green, red: networks that come from Caffe.</summary>
    Bgr,
}
