// Binds each declared parameter to its member of RunConfig: the one place that knows name, type, range, help
// and member together. Its default is what the member holds in the recipe's default configuration.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/config/checks.h"
#include "core/config/parameter.h"
#include "core/config/run_config.h"

namespace retort {

struct Binding {
    std::function<Json(const RunConfig&)> read;
    std::function<void(RunConfig&, const Json&)> write;
};

/// A recipe with its declarations; schema.parameters and bindings run in parallel.
struct BoundRecipe {
    RecipeSchema schema;
    std::vector<Binding> bindings;
    RunConfig defaults;
    /// What contradicts itself in this recipe only; empty: nothing.
    std::function<void(const RunConfig&, const ReportContradiction&)> check;

    /// Every parameter's value in `config`, as a tree that begins with the recipe's name.
    Json read(const RunConfig& config) const;
    /// The configuration that a tree describes; what the tree leaves out keeps its default.
    RunConfig write(const Json& values) const;
};

/// nullptr when there is none of this name.
const BoundRecipe* findRecipe(const std::string& name);
const std::vector<BoundRecipe>& boundRecipes();

/// How each member type is declared and carried.
template <class T>
struct ParameterTraits;

template <>
struct ParameterTraits<bool> {
    static constexpr ParameterType type = ParameterType::Bool;
};
template <>
struct ParameterTraits<std::int64_t> {
    static constexpr ParameterType type = ParameterType::Integer;
};
template <>
struct ParameterTraits<double> {
    static constexpr ParameterType type = ParameterType::Real;
};
template <>
struct ParameterTraits<std::string> {
    static constexpr ParameterType type = ParameterType::Text;
};
template <>
struct ParameterTraits<std::vector<std::int64_t>> {
    static constexpr ParameterType type = ParameterType::IntegerList;
};
template <>
struct ParameterTraits<std::vector<double>> {
    static constexpr ParameterType type = ParameterType::RealList;
};
template <>
struct ParameterTraits<std::vector<std::string>> {
    static constexpr ParameterType type = ParameterType::TextList;
};
template <class Item>
struct ParameterTraits<std::vector<Item>> {
    static constexpr ParameterType type = ParameterType::ObjectList;
};

void to_json(Json& json, const TaskSettings& settings);
void from_json(const Json& json, TaskSettings& settings);
void to_json(Json& json, const FileSettings& settings);
void from_json(const Json& json, FileSettings& settings);
void to_json(Json& json, const RewardSettings& settings);
void from_json(const Json& json, RewardSettings& settings);

/// Completes the declaration that it was made for.
class ParameterBuilder {
  public:
    explicit ParameterBuilder(Parameter& parameter) : m_parameter(parameter) {}

    ParameterBuilder& help(std::string text) { return m_parameter.help = std::move(text), *this; }
    ParameterBuilder& unit(std::string text) { return m_parameter.unit = std::move(text), *this; }
    ParameterBuilder& atLeast(double low) { return m_parameter.minimum = low, *this; }
    ParameterBuilder& atMost(double high) { return m_parameter.maximum = high, *this; }
    ParameterBuilder& between(double low, double high) { return atLeast(low).atMost(high); }
    ParameterBuilder& above(double low) { return m_parameter.exclusiveMinimum = true, atLeast(low); }
    ParameterBuilder& advanced() { return m_parameter.advanced = true, *this; }
    ParameterBuilder& choices(std::initializer_list<const char*> names) {
        if (m_parameter.type == ParameterType::Text) m_parameter.type = ParameterType::Choice;
        m_parameter.choices.assign(names.begin(), names.end());
        return *this;
    }
    ParameterBuilder& checkpoint() { return m_parameter.reference = Reference::Checkpoint, *this; }
    ParameterBuilder& file() { return m_parameter.reference = Reference::File, *this; }
    ParameterBuilder& mergeRecipe() { return m_parameter.reference = Reference::MergeRecipe, *this; }
    ParameterBuilder& variants(std::string discriminator, std::vector<ParameterVariant> list) {
        m_parameter.discriminator = std::move(discriminator);
        m_parameter.variants = std::move(list);
        return *this;
    }

  private:
    Parameter& m_parameter;
};

/// Declares the members of one section of RunConfig: `section("learning_rate",
/// &TrainingSettings::learning_rate)`.
template <class Section>
class SectionDeclarations {
  public:
    SectionDeclarations(BoundRecipe& recipe, std::string prefix, std::string group,
                        Section RunConfig::*section)
        : m_recipe(recipe), m_prefix(std::move(prefix)), m_group(std::move(group)), m_section(section) {}

    /// Later declarations stand under this heading.
    void group(std::string heading) { m_group = std::move(heading); }

    /// `Base`: the section itself, or what it inherits the member from.
    template <class T, class Base>
    ParameterBuilder operator()(const char* name, T Base::*member) {
        static_assert(std::is_base_of_v<Base, Section>);
        Parameter parameter;
        parameter.path = m_prefix + name;
        parameter.group = m_group;
        parameter.type = ParameterTraits<T>::type;
        m_recipe.schema.parameters.push_back(std::move(parameter));
        m_recipe.bindings.push_back(
            {[section = m_section, member](const RunConfig& config) { return Json(config.*section.*member); },
             [section = m_section, member](RunConfig& config, const Json& value) {
                 config.*section.*member = value.get<T>();
             }});
        return ParameterBuilder(m_recipe.schema.parameters.back());
    }

  private:
    BoundRecipe& m_recipe;
    std::string m_prefix, m_group;
    Section RunConfig::*m_section;
};

/// Declares a member of RunConfig itself.
template <class T>
ParameterBuilder declareTopLevel(BoundRecipe& recipe, const char* name, T RunConfig::*member) {
    Parameter parameter;
    parameter.path = name;
    parameter.group = "Run";
    parameter.type = ParameterTraits<T>::type;
    recipe.schema.parameters.push_back(std::move(parameter));
    recipe.bindings.push_back(
        {[member](const RunConfig& config) { return Json(config.*member); },
         [member](RunConfig& config, const Json& value) { config.*member = value.get<T>(); }});
    return ParameterBuilder(recipe.schema.parameters.back());
}

}  // namespace retort
