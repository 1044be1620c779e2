// Types on two floors, of which the lower one uses the upper one in every way there is.
#pragma warning disable CA1812, CA1822, CS0169, IDE0044, IDE0051, IDE0060

namespace Nern.Tests.Floors.MadeUp.Upper
{
    internal class Roof
    {
        internal static int Height => 3;
    }

    internal sealed class RoofException : Exception;

    [AttributeUsage(AttributeTargets.Class)]
    internal sealed class RoofedAttribute : Attribute;

    internal sealed class Attic
    {
        private readonly Lower.Cellar _cellar = new();

        public override string ToString() => _cellar.ToString()!;
    }
}

namespace Nern.Tests.Floors.MadeUp.Lower
{
    internal sealed class Cellar;

    internal sealed class ByBase : Upper.Roof;

    [Upper.Roofed]
    internal sealed class ByAttribute;

    internal sealed class ByField
    {
        private List<Upper.Roof[]>? _roofs;
    }

    internal sealed class ByParameter
    {
        private void Take(ref Upper.Roof roof)
        {
        }
    }

    internal sealed class ByConstraint<T>
        where T : Upper.Roof;

    internal sealed class ByBody
    {
        private int Sum() => 1 + Upper.Roof.Height;
    }

    internal sealed class ByClosure
    {
        private Func<int> Later(int count) => () => count + Upper.Roof.Height;
    }

    internal sealed class ByIterator
    {
        private IEnumerable<int> Heights()
        {
            yield return Upper.Roof.Height;
        }
    }

    internal sealed class ByTypeArgument
    {
        private string Name() => typeof(Upper.Roof).Name;
    }

    internal sealed class ByCatch
    {
        private bool Try(Action action)
        {
            try
            {
                action();
                return true;
            }
            catch (Upper.RoofException)
            {
                return false;
            }
        }
    }
}
