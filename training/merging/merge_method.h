// How one tensor of several models becomes one: the seam between a recipe (which models, which parameters;
// merge_recipe.h) and the formulas (one file a family of methods). Formulas see one tensor at a time as
// float32 and know nothing of files. No LibTorch here: the window previews merges without it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

/// Parameters as numbers, after gradients over layers and filters were resolved for one tensor; flags are 0
/// and 1.
class MergeParameters {
  public:
    void set(const std::string& name, double value) { m_values[name] = value; }
    bool has(std::string_view name) const { return m_values.find(name) != m_values.end(); }
    double number(std::string_view name, double fallback) const {
        const auto found = m_values.find(name);
        return found == m_values.end() ? fallback : found->second;
    }
    bool flag(std::string_view name, bool fallback) const { return number(name, fallback ? 1 : 0) != 0; }

  private:
    std::map<std::string, double, std::less<>> m_values;
};

/// One model's part of a tensor.
struct ModelTensor {
    std::span<const float> values;  ///< the tensor, row by row
    MergeParameters parameters;     ///< of this model, for this tensor
    bool isBase = false;            ///< the base model itself, which a recipe may list
    std::uint64_t key = 0;          ///< stable name of the model: what random masks are drawn from
    /// Beside the weights, for methods that want it (diagonal Fisher information: one number an element;
    /// RegMean's Gram matrix [in, in]); empty: none.
    std::span<const float> statistics;
};

/// One tensor of the output and all that it is made from.
struct TensorMerge {
    std::string name;                 ///< in the output
    std::vector<std::int64_t> shape;  ///< of every model's values, after cropping
    std::vector<ModelTensor> models;  ///< in the recipe's order
    std::span<const float> base;      ///< empty: the recipe has no base model
    MergeParameters parameters;       ///< of the whole merge, for this tensor
    std::uint64_t seed = 0;
};

struct MergeParameterInfo {
    enum class Scope { Model, Merge };
    std::string name;
    Scope scope = Scope::Merge;
    std::optional<double> fallback;  ///< none: it must be given
    bool isFlag = false;
    std::string help;
};

/// What a method must know of all tensors before it can merge the first (quantiles over the whole model).
class MergeSurvey {
  public:
    virtual ~MergeSurvey() = default;
    /// Called once a pass for every tensor, from several threads at once.
    virtual void observe(const TensorMerge& tensor) = 0;
    /// Called after each pass, from one thread; true: another pass over all tensors.
    virtual bool wantsAnotherPass() = 0;
};

/// A formula. Objects have no state; everything is a function of its arguments and may run in several threads
/// at once.
class MergeMethod {
  public:
    virtual ~MergeMethod() = default;
    /// mergekit's name where mergekit has the method: "task_arithmetic".
    virtual std::string_view name() const = 0;
    virtual std::string_view help() const = 0;  ///< one line
    virtual const std::vector<MergeParameterInfo>& parameters() const = 0;
    virtual bool needsBase() const { return false; }
    /// Whether each element of `out` depends on the inputs' same element alone. Then merge() may be called
    /// for pieces of a tensor, with one dimension.
    virtual bool isElementwise() const { return false; }
    /// How many models besides the base a recipe may have.
    virtual std::size_t minModels() const { return 1; }
    virtual std::size_t maxModels() const { return SIZE_MAX; }

    virtual std::unique_ptr<MergeSurvey> survey() const { return nullptr; }
    /// Writes every element of `out`, which overlaps none of the inputs. `survey` is what survey() gave,
    /// after its last pass. Throws Error naming the tensor for parameters out of range and weights that sum
    /// to zero.
    virtual void merge(const TensorMerge& tensor, const MergeSurvey* survey, std::span<float> out) const = 0;
};

/// All methods, ordered by name.
const std::vector<const MergeMethod*>& mergeMethods();
/// nullptr when there is none of this name.
const MergeMethod* findMergeMethod(std::string_view name);

}  // namespace retort
