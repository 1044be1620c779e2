namespace Nern.OneDnn;

/// <summary>What a primitive does to its result before it stores it: at most one addition, then at most one function.</summary>
/// <param name="Addend">Adds a memory of this descriptor, handed over as <see cref="Argument.PostOpSource"/>.</param>
/// <param name="Accumulate">Adds to what the destination already holds.</param>
/// <param name="Function">Ends with this function of every value.</param>
/// <param name="Alpha">Its parameter, where it has one.</param>
public sealed record PostOperations(
    MemoryDescriptor? Addend = null, bool Accumulate = false, EltwiseFunction? Function = null, float Alpha = 0)
{
    private const int BinaryAdd = 131056;
    private const int UserScratchpad = 1;

    /// <summary>Nothing.</summary>
    public static PostOperations None { get; } = new();

    /// <summary>
    /// Attributes for a primitive that ends with these and whose working memory comes from us (<see cref="Scratchpad"/>).
    /// </summary>
    internal AttributesHandle CreateAttributes()
    {
        Status.Check(Native.dnnl_primitive_attr_create(out var value), nameof(Native.dnnl_primitive_attr_create));
        var attributes = new AttributesHandle(value);
        Status.Check(
            Native.dnnl_primitive_attr_set_scratchpad_mode(value, UserScratchpad), nameof(Native.dnnl_primitive_attr_set_scratchpad_mode));
        if (Addend is null && !Accumulate && Function is null)
            return attributes;
        Status.Check(Native.dnnl_post_ops_create(out var postOpsValue), nameof(Native.dnnl_post_ops_create));
        using var postOps = new PostOpsHandle(postOpsValue);
        if (Addend is not null)
            Status.Check(
                Native.dnnl_post_ops_append_binary(postOps.Value, BinaryAdd, Addend.Pointer),
                nameof(Native.dnnl_post_ops_append_binary), Addend.ToString());
        if (Accumulate)
            Api.Current.AppendSum(postOps.Value);
        if (Function is { } function)
            Api.Current.AppendEltwise(postOps.Value, function, Alpha, beta: 0);
        Status.Check(
            Native.dnnl_primitive_attr_set_post_ops(attributes.Value, postOps.Value), nameof(Native.dnnl_primitive_attr_set_post_ops));
        return attributes;
    }
}
