using Nern.Cli.Options;
using Nern.Cli.Recipes;
using Nern.Cli.Shell;
using Nern.Cli.Tests.Support;
using Nern.Engine;
using Nern.Fitting;
using Nern.Optimizers;

namespace Nern.Cli.Tests.Recipes;

public sealed class RecipeTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Every_recipe_that_comes_with_the_program_is_a_valid_fit()
    {
        Assert.Equal(["default", "paper"], Recipe.Names);
        Assert.All(Recipe.Names, name => (Recipe.Load(name) with { Budget = Recipe.Load(name).Budget with { Minutes = 1 } }).Validate());
        Assert.Equal(new FitOptions(), Recipe.Load("default"));
    }

    [Fact]
    public void The_paper_s_recipe_is_the_paper_s()
    {
        var paper = Recipe.Load("paper");

        Assert.Equal((160, 5, 0.76, 40),
            (paper.Predictor.Hidden, paper.Predictor.Depth, paper.Predictor.EmbeddingBase, paper.Predictor.EmbeddingLevels));
        Assert.Equal((1e-4, 1e-4, 0L), (paper.Objective.Kd, paper.Objective.Fmd, paper.Objective.Warmup));
        Assert.Equal(
            (OptimizerKind.Ranger, 5e-3, 1e-6, 1e-3),
            (paper.Optimizer.Kind, paper.Optimizer.LearningRate, paper.Optimizer.FinalLearningRate, paper.Optimizer.WeightDecay));
        Assert.Equal((256, 4096, 0.8, 70000L),
            (paper.Inputs.Batch, paper.Sampling.Kernels, paper.Sampling.UniformProbability, paper.Budget.Steps));
        Assert.Equal(Precision.Float32, paper.Precision);
    }

    [Fact]
    public void A_file_is_known_by_its_path_or_its_ending()
    {
        _workspace.Write("mine", "hidden: 12"u8.ToArray());
        _workspace.Write("mine.yml", "hidden: 13"u8.ToArray());

        Assert.Equal(12, Recipe.Load(_workspace.Path("mine")).Predictor.Hidden);
        Assert.Equal(13, Recipe.Load(_workspace.Path("mine.yml")).Predictor.Hidden);
        Assert.StartsWith("'mine.yaml' cannot be read: expected a YAML file, found no such file", Refusal("mine.yaml"));
    }

    [Fact]
    public void What_cannot_be_a_recipe_is_refused_by_name()
    {
        Assert.Equal(
            "There is no recipe 'papr'; did you mean 'paper'? Known are default and paper; the name of a file ends in .yaml.",
            Refusal("papr"));
        Assert.Contains("found a folder", Refusal(_workspace.Path("")));
        Assert.Contains("cannot be read", Refusal(_workspace.Path("gone/mine.yaml")));
        Assert.Contains("cannot be read", Refusal("a\0.yaml"));
        Assert.Contains("There is no recipe ''", Refusal(""));
        Assert.Contains("expected a YAML file of at most 1048576 bytes, found more",
            Refusal(_workspace.Write("large.yaml", new byte[(1 << 20) + 1])));
        Assert.Contains("expected a YAML file of at most 1048576 bytes, found more", Refusal("/dev/zero"));
    }

    [Theory]
    [InlineData("paper", 70000, null)]
    [InlineData("paper --minutes 3", 0, 3.0)]
    [InlineData("paper --steps 7", 7, null)]
    [InlineData("paper --steps 7 --minutes 3", 7, 3.0)]
    [InlineData("", 0, FitSettings.DefaultMinutes)]
    [InlineData("--steps 7", 7, null)]
    public void A_budget_given_takes_the_place_of_the_recipe_s(string arguments, long steps, double? minutes)
    {
        var options = Printed(arguments);
        Assert.Equal((steps, minutes), (options.Budget.Steps, options.Budget.Minutes));
    }

    [Fact]
    public void Options_given_override_those_of_the_recipe()
    {
        var paper = Recipe.Load("paper");
        var predictor = paper.Predictor with { Hidden = 180 };
        Assert.Equal(paper with { Predictor = predictor, Precision = null }, Printed("paper --hidden 180 --precision auto"));
    }

    /// <summary>What the recipe that the command prints makes of the defaults.</summary>
    private FitOptions Printed(string arguments)
    {
        var answer = _workspace.Run(["recipe", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal((ExitCode.Success, ""), (answer.ExitCode, answer.Error));
        return RecipeReader.Read("printed.yaml", answer.Output);
    }

    private static string Refusal(string recipe) => Assert.Throws<NernException>(() => Recipe.Load(recipe)).Message;
}
