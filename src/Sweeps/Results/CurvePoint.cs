using System.Text.Json;
using System.Text.Json.Serialization;
using Nern.Fitting;

namespace Nern.Sweeps.Results;

/// <summary>One evaluation of a fit; in JSON an array of these numbers in this order.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Seconds">Since the fit began.</param>
/// <param name="Accuracy">The share of test images classified correctly, where there are some.</param>
/// <param name="Agreement">The share of them classified as by the original.</param>
/// <param name="ValidationKl">Mean KL on the inputs set aside; of features the relative error.</param>
/// <param name="WeightError">|W - W^| / |W|.</param>
[JsonConverter(typeof(Converter))]
internal readonly record struct CurvePoint(
    long Step, double Seconds, double? Accuracy, double? Agreement, double ValidationKl, double WeightError)
{
    internal static CurvePoint Of(FitEvaluation evaluation) => new(
        evaluation.Step, evaluation.Elapsed.TotalSeconds, evaluation.Accuracy?.Share, evaluation.Agreement?.Share, evaluation.Validation,
        evaluation.RelativeError);

    private sealed class Converter : JsonConverter<CurvePoint>
    {
        public override CurvePoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<double?[]>(ref reader, options)
                is [{ } step, { } seconds, var accuracy, var agreement, { } kl, { } error]
                ? new((long)step, seconds, accuracy, agreement, kl, error)
                : throw new JsonException("An evaluation has six numbers.");

        public override void Write(Utf8JsonWriter writer, CurvePoint value, JsonSerializerOptions options) => JsonSerializer.Serialize(
            writer,
            (double?[])[value.Step, value.Seconds, value.Accuracy, value.Agreement, value.ValidationKl, value.WeightError],
            options);
    }
}
