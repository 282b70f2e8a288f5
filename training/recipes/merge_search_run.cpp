#include "training/recipes/merge_search_run.h"

#include <algorithm>
#include <fstream>

#include "core/tokenizers/tokenizer.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/merging/merge_model.h"
#include "training/merging/search/map_search.h"
#include "training/recipes/data_source.h"
#include "training/recipes/token_sequence.h"
#include "training/search/ada_merging.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

bool hasDensity(const std::string& method) {
    static const char* const sparse[] = {"ties", "dare_linear", "dare_ties", "breadcrumbs",
                                         "breadcrumbs_ties"};
    return std::find(std::begin(sparse), std::end(sparse), method) != std::end(sparse);
}

/// Each model has a weight, and everything else a default that goes with any density.
bool isSearchable(const std::string& name) {
    const MergeMethod* method = findMergeMethod(name);
    if (!method || !method->needsBase() || name.starts_with("della"))
        return false;  // its epsilon limits densities
    const auto& parameters = method->parameters();
    return std::any_of(parameters.begin(), parameters.end(), [](const MergeParameterInfo& each) {
        return each.name == "weight" && each.scope == MergeParameterInfo::Scope::Model;
    });
}

/// A search of one run: its data, its models, and how a merge is judged.
class MergeSearch {
  public:
    MergeSearch(const RunConfig& config, const MergeRecipe& recipe, RunSession& session)
        : m_config(config), m_session(session) {
        openData(recipe);
        openModels();
        makeSpace(recipe);
        m_points.open(session.run().path() / "merge_search.jsonl", std::ios::trunc);
    }

    std::optional<std::string> run() {
        const std::string& search = m_config.merge.search;
        if (search == "adamerging") return adaMerging();
        if (search == "evolutionary") return evolutionary();
        if (search == "sweep") return recipeOfBest(sweepWeights());
        if (search == "bai") return recipeOfBest(sweepBai(context(), BaiSettings()));
        return map();
    }

  private:
    static constexpr std::size_t rowsAtOnce = 32;

    void openData(const MergeRecipe& recipe) {
        if (recipe.isSliced)
            throw Error("has slices, and a search knows none", recipe.where,
                        "use models, or merge.search: none");
        m_base = recipe.baseModel;
        if (m_base.empty())
            throw Error("has no base_model", recipe.where,
                        "a search merges task vectors: name their common ancestor");
        for (const std::string& name : recipe.models())
            if (name != m_base) m_models.push_back(name);
        if (m_models.empty()) throw Error("has no model but the base", recipe.where);
        m_sources = makeDataSources(m_config.data.tasks, m_config.data.files, DialogueFormat(m_base));
        m_tokenizer = loadTokenizer(m_base);
        checkCoverage(*m_tokenizer, m_sources);
    }

    void openModels() {
        MergeEvaluatorSettings settings;
        settings.generation = m_config.evaluation;
        settings.seed = std::uint64_t(m_config.seed);
        settings.findMethod = findMergeMethod;
        settings.lossRows = 0;  // nothing that is held out
        MergeModels opened;     // random masks are to be those of the merge that is written at the end
        for (const std::string& model : m_models)
            settings.modelKeys.push_back(opened.open(model, m_session.run().path())->key());
        m_evaluator =
            std::make_unique<MergeEvaluator>(parents(), m_tokenizer, m_sources, std::move(settings));
        // Held-out problems are for the result alone.
        for (CalibrationTask& task : makeCalibration(
                 m_sources, *m_tokenizer, m_config.merge.calibration_examples, std::uint64_t(m_config.seed)))
            m_calibration.push_back(std::move(task));
        for (const CalibrationTask& task : m_calibration) m_objectives.push_back({"loss/" + task.name});
    }

    /// In BAI the common ancestor is one of the models that are added up.
    MergeParents parents() const {
        std::vector<fs::path> folders(m_models.begin(), m_models.end());
        if (m_config.merge.search != "bai") return MergeParents::load(m_base, folders);
        folders.emplace_back(m_base);
        return MergeParents::load({}, folders);
    }

    void makeSpace(const MergeRecipe& recipe) {
        const std::string& search = m_config.merge.search;
        if (search == "bai") {
            if (m_models.size() != 2)
                throw Error("names " + std::to_string(m_models.size()) + " models besides the base",
                            recipe.where,
                            "Balanced Actor Initialization has two, the instructed and the distilled one");
            m_space = baiSpace(m_models[0], m_models[1], m_base);
            return;
        }
        m_space.base = m_base;
        m_space.models = m_models;
        const bool byLayer = m_config.merge.granularity == "layer";
        m_space.groups = layerGroups(m_evaluator->parents().weightNames(), byLayer ? 0 : 1);
        if (search != "evolutionary") return;  // the others are task arithmetic by definition
        if (!isSearchable(recipe.method))
            throw Error("the weights of " + recipe.method + " cannot be searched", recipe.where,
                        "a method with a base and weights, such as task_arithmetic, ties or dare_ties");
        m_space.method = recipe.method;
        m_space.searchesDensity = hasDensity(recipe.method);
    }

    /// The same weight for all models, up to 1 in even steps.
    SearchOutcome sweepWeights() {
        std::vector<double> lambdas;
        for (std::int64_t i = 1; i <= m_config.merge.max_evaluations; ++i)
            lambdas.push_back(double(i) / double(m_config.merge.max_evaluations));
        return sweep(context(), std::vector<double>(m_space.dimensions(), 1), lambdas);
    }

    std::optional<std::string> adaMerging() {
        AdaMergingSettings settings;
        settings.objective = m_config.merge.objective;
        settings.start = m_config.merge.initial_weight;
        settings.learningRate = m_config.merge.search_learning_rate;
        settings.steps = m_config.merge.max_evaluations;
        settings.examples = m_config.merge.calibration_examples;
        settings.maxCompletionLength = m_config.evaluation.max_completion_length;
        settings.seed = std::uint64_t(m_config.seed);
        m_objectives = {{m_config.merge.objective}};
        const AdaMergingOutcome outcome = adaMerge(
            *m_evaluator, m_space, settings,
            [&](const AdaMergingStep& step) {
                SearchPoint point{step.step,        "adamerging",   step.coefficients,
                                  {step.objective}, step.objective, 0};
                keep(point);
            },
            m_session.stopToken());
        if (outcome.stopped) return std::nullopt;
        return m_space.recipe(outcome.coefficients);
    }

    std::optional<std::string> evolutionary() {
        EvolutionSettings settings;
        settings.maxEvaluations = m_config.merge.max_evaluations;
        settings.seed = std::uint64_t(m_config.seed);
        settings.separable = m_space.dimensions() > 100;
        return recipeOfBest(evolve(context(), m_space, settings));
    }

    std::optional<std::string> map() {
        MapSettings settings;
        const std::size_t dimensions = m_space.dimensions();
        const auto least = std::int64_t((dimensions + 1) * (dimensions + 2) / 2);
        // A fifth each beside the fit: what the surrogates are worth, and what their front really is.
        settings.heldOut = settings.verified = std::max<std::int64_t>(1, m_config.merge.max_evaluations / 5);
        settings.points = m_config.merge.max_evaluations - settings.heldOut - settings.verified;
        if (settings.points < least)
            throw Error("merge.max_evaluations is too small: a surrogate of " + std::to_string(dimensions) +
                            " weights has " + std::to_string(least) + " coefficients",
                        m_session.run().configFile().string(),
                        "set it to at least " + std::to_string(2 * least) + ", or merge.granularity: task");
        settings.seed = std::uint64_t(m_config.seed);
        const MapOutcome outcome = searchMap(context(), dimensions, settings);
        if (outcome.search.stopped) return std::nullopt;
        writeFront(outcome);
        return recipeOfBest(outcome.search);
    }

    SearchContext context() {
        SearchContext context;
        context.objectives = m_objectives;
        context.stop = m_session.stopToken();
        context.evaluate = [this](const std::vector<double>& coefficients) { return losses(coefficients); };
        context.progress = [this](const SearchPoint& point, std::int64_t) { keep(point); };
        return context;
    }

    /// Mean cross entropy of each task's examples; nothing when a stop came.
    std::vector<double> losses(const std::vector<double>& coefficients) {
        const torch::NoGradGuard noGrad;
        m_evaluator->merge(m_space, coefficients);
        std::vector<double> values;
        for (const CalibrationTask& task : m_calibration) {
            double sum = 0, targets = 0;
            for (std::size_t first = 0; first < task.sequences.size(); first += rowsAtOnce) {
                if (m_session.isStopped()) return {};
                const auto begin = task.sequences.begin() + std::ptrdiff_t(first);
                const std::vector<TokenSequence> rows(
                    begin, begin + std::ptrdiff_t(std::min(rowsAtOnce, task.sequences.size() - first)));
                double count = 0;
                for (const TokenSequence& row : rows) count += double(row.targetCount());
                sum += count * adaMergingLoss(*m_evaluator->model(), {rows}, "cross_entropy").item<double>();
                targets += count;
            }
            values.push_back(sum / targets);
        }
        return values;
    }

    void keep(const SearchPoint& point) {
        m_points << toJsonLine(point, m_objectives) << std::endl;
        m_session.status("searching", point.number);
        ScalarsEvent scalars{point.number, 0, {{"search/score", point.score}}};
        for (std::size_t i = 0; i < m_objectives.size() && m_objectives.size() > 1; ++i)
            scalars.values.emplace_back("search/" + m_objectives[i].name, point.values[i]);
        if (m_space.groups.size() == 1)
            for (std::size_t m = 0; m < m_space.models.size(); ++m)
                scalars.values.emplace_back("search/weight/" + std::to_string(m + 1),
                                            m_space.weightAt(point.coefficients, 0, m));
        m_session.log().write(std::move(scalars));
    }

    std::optional<std::string> recipeOfBest(const SearchOutcome& outcome) const {
        if (outcome.stopped) return std::nullopt;
        const SearchPoint* best = outcome.best();
        if (!best) throw Error("no merge that was tried has a finite loss", m_session.run().path().string());
        return m_space.recipe(best->coefficients);
    }

    void writeFront(const MapOutcome& outcome) const {
        Json json = {
            {"objectives", Json::array()}, {"r_squared", outcome.rSquared}, {"front", Json::array()}};
        for (const SearchObjective& objective : m_objectives) json["objectives"].push_back(objective.name);
        for (const FrontPoint& point : outcome.front)
            json["front"].push_back({{"coefficients", point.coefficients}, {"values", point.values}});
        writeFileAtomically(m_session.run().path() / "merge_front.json", json.dump(1) + "\n");
    }

    const RunConfig& m_config;
    RunSession& m_session;
    std::string m_base;
    std::vector<std::string> m_models;
    std::vector<DataSource> m_sources;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    std::unique_ptr<MergeEvaluator> m_evaluator;
    std::vector<CalibrationTask> m_calibration;
    std::vector<SearchObjective> m_objectives;
    MergeSpace m_space;
    std::ofstream m_points;
};

}  // namespace

std::optional<std::string> searchMergeRecipe(const RunConfig& config, const MergeRecipe& recipe,
                                             RunSession& session) {
    session.status("searching", 0, true);
    if (!recipe.parameters.empty())
        session.message("warning",
                        "merge.search does not use the recipe's own parameters (normalize, lambda …)");
    return MergeSearch(config, recipe, session).run();
}

}  // namespace retort
