using System.Reflection;
using System.Reflection.Emit;

namespace Nern.Tests.Floors;

/// <summary>
/// Which types the types of an assembly use: by inheritance, fields, signatures, attributes and the code of methods. Nested types, and what
/// the compiler makes of closures and iterators, count as the type around them. Constants and <c>nameof</c> leave no trace in the code.
/// </summary>
internal static class TypeUses
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>Every pair of a type of <paramref name="assembly"/> and another type, of any assembly, that it uses.</summary>
    internal static IReadOnlySet<(Type User, Type Used)> Of(Assembly assembly)
    {
        var pairs = new HashSet<(Type, Type)>();
        foreach (Type type in assembly.GetTypes())
        {
            Type user = Outermost(type);
            foreach (Type used in UsedBy(type).SelectMany(Parts).Select(Outermost).Where(used => used != user))
                pairs.Add((user, used));
        }

        return pairs;
    }

    private static IEnumerable<Type?> UsedBy(Type type) =>
    [
        type.BaseType,
        .. type.GetInterfaces(),
        .. type.GetGenericArguments().SelectMany(Constraints),
        .. Attributes(type),
        .. type.GetProperties(Declared).SelectMany(Attributes),
        .. type.GetFields(Declared).SelectMany(field => Attributes(field).Append(field.FieldType)),
        .. type.GetMethods(Declared).SelectMany(UsedBy),
        .. type.GetConstructors(Declared).SelectMany(UsedBy),
    ];

    private static IEnumerable<Type?> UsedBy(MethodBase method)
    {
        MethodBody? body = method.GetMethodBody();
        return
        [
            (method as MethodInfo)?.ReturnType,
            .. method.GetParameters().Select(parameter => parameter.ParameterType),
            .. GenericArguments(method).SelectMany(Constraints),
            .. Attributes(method),
            .. body?.LocalVariables.Select(local => local.LocalType) ?? [],
            .. body?.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause)
                .Select(clause => clause.CatchType) ?? [],
            .. body is null ? [] : Members(method, body.GetILAsByteArray()!).SelectMany(Named),
        ];
    }

    // The members that the instructions name.
    private static IEnumerable<MemberInfo> Members(MethodBase method, byte[] code)
    {
        for (int at = 0; at < code.Length;)
        {
            short value = code[at++];
            if (value == 0xFE)
                value = (short)(0xFE00 | code[at++]);
            OpCode instruction = OpCodesByValue[value];
            if (instruction.OperandType
                is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                Type[]? ofType = method.DeclaringType?.GetGenericArguments();
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, GenericArguments(method))!;
            }

            at += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type?> Named(MemberInfo member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType, field.FieldType],
        MethodInfo method => [method.DeclaringType, method.ReturnType, .. method.GetParameters().Select(p => p.ParameterType),
            .. method.GetGenericArguments()],
        _ => [member.DeclaringType],
    };

    private static Type[] GenericArguments(MethodBase method) =>
        method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : [];

    private static IEnumerable<Type> Constraints(Type argument) =>
        argument.IsGenericParameter ? argument.GetGenericParameterConstraints() : [];

    private static IEnumerable<Type> Attributes(MemberInfo member) =>
        member.GetCustomAttributesData().Select(attribute => attribute.AttributeType);

    // The named types that a type is put together of: those of arrays, references, generic types and pointers to functions.
    private static IEnumerable<Type> Parts(Type? type)
    {
        if (type is null || type.IsGenericParameter)
            return [];
        if (type.HasElementType)
            return Parts(type.GetElementType());
        if (type.IsFunctionPointer)
            return [.. Parts(type.GetFunctionPointerReturnType()), .. type.GetFunctionPointerParameterTypes().SelectMany(Parts)];
        return type.IsConstructedGenericType ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)] : [type];
    }

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } around)
            type = around;
        return type;
    }
}
