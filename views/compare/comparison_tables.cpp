#include "views/compare/comparison_tables.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "views/models/format.h"

namespace retort {

namespace {

struct Tables {
    Q_DECLARE_TR_FUNCTIONS(ComparisonTables)
};

using Tone = TableCell::Tone;

Tone toneOf(double delta, double p) {
    if (!(p < 0.05)) return Tone::None;
    return delta > 0 ? Tone::Good : Tone::Bad;
}

TableCell textCell(const QString& text, Tone tone = Tone::None) {
    return {text, {}, tone, {}};
}
TableCell countCell(std::int64_t count) {
    return {QLocale().toString(qlonglong(count)), qlonglong(count), Tone::None, {}};
}
TableCell signedCell(double value, bool percent, Tone tone) {
    TableCell cell = percent ? percentCell(value, tone) : numberCell(value, tone);
    if (value > 0) cell.text.prepend(QLatin1Char('+'));
    cell.text.replace(QLatin1Char('-'), QChar(0x2212));
    return cell;
}
TableCell intervalCell(const Interval& interval, bool percent) {
    if (percent) return percentIntervalCell(interval.low, interval.high);
    if (std::isnan(interval.low)) return numberCell(interval.low, Tone::Muted);
    return {QStringLiteral("%1 … %2").arg(formatNumber(interval.low), formatNumber(interval.high)),
            interval.low,
            Tone::Muted,
            {}};
}
TableCell pCell(double p, double corrected, const QString& test) {
    TableCell cell = numberCell(corrected);
    if (corrected < 1e-4) cell.text = QStringLiteral("< 0.0001");
    cell.toolTip = Tables::tr("%1: p = %2 before the correction").arg(test, formatNumber(p));
    return cell;
}
/// The sign that colour goes with.
TableCell markCell(double delta, double corrected) {
    const Tone tone = toneOf(delta, corrected);
    if (tone == Tone::None)
        return {QStringLiteral("·"), {}, Tone::Muted, Tables::tr("No difference is shown.")};
    const QString stars = corrected < 0.001  ? QStringLiteral("***")
                          : corrected < 0.01 ? QStringLiteral("**")
                                             : QStringLiteral("*");
    const QString arrow = delta > 0 ? QStringLiteral("▲ ") : QStringLiteral("▼ ");
    return {arrow + stars,
            {},
            tone,
            delta > 0 ? Tables::tr("Better than the baseline") : Tables::tr("Worse than the baseline")};
}

/// What it is among the compared: "baseline, parent".
QString roleText(const ComparisonResult& result, std::size_t checkpoint) {
    QStringList roles;
    if (checkpoint == result.comparison->baseline) roles << Tables::tr("baseline");
    const auto any = [&](auto test) {
        return std::any_of(result.families.begin(), result.families.end(), test);
    };
    if (!result.parentsByHand && any([&](const MergeFamily& each) { return each.checkpoint == checkpoint; }))
        roles << Tables::tr("merge");
    if (any([&](const MergeFamily& each) {
            return std::find(each.parents.begin(), each.parents.end(), checkpoint) != each.parents.end();
        }))
        roles << Tables::tr("parent");
    if (checkpoint != result.comparison->baseline &&
        any([&](const MergeFamily& each) { return each.base == checkpoint; }))
        roles << Tables::tr("base");
    return roles.join(QStringLiteral(", "));
}

/// What is measured against some of the parents only may look better than it is.
TableCell parentsCell(const ComparisonResult& result, const MergeScore& merge, const QString& names) {
    const auto family =
        std::find_if(result.families.begin(), result.families.end(),
                     [&](const MergeFamily& each) { return each.checkpoint == merge.checkpoint; });
    const auto missing = family == result.families.end()
                             ? 0
                             : std::count_if(family->missing.begin(), family->missing.end(),
                                             [](const MissingRelative& each) { return !each.isBase; });
    if (missing == 0) return textCell(names);
    const auto known = merge.parents.size();
    return {Tables::tr("%1 ⚠ %2 of %3").arg(names).arg(known).arg(known + std::size_t(missing)),
            {},
            Tone::Bad,
            Tables::tr("The other parents are not compared: one of them may be better than these")};
}

QString shapeText(const std::vector<std::int64_t>& shape) {
    QStringList parts;
    for (const std::int64_t size : shape) parts << QString::number(size);
    return parts.isEmpty() ? QStringLiteral("1") : parts.join(QStringLiteral(" × "));
}

}  // namespace

QString groupText(const ProblemGroup& group) {
    const QString task = toQString(group.task);
    if (group.kind == ProblemGroup::Kind::Task) return task;
    if (group.kind == ProblemGroup::Kind::ProblemId) {
        const QString level = group.unit == DifficultyUnit::Digits       ? Tables::tr("%1: %2 digits")
                              : group.unit == DifficultyUnit::Operations ? Tables::tr("%1: %2 operations")
                                                                         : Tables::tr("%1: %2 numbers");
        return level.arg(task).arg(group.level);
    }
    const QString levels[] = {Tables::tr("%1: never solved"),
                              Tables::tr("%1: solved by up to 25 %"),
                              Tables::tr("%1: solved by 25 to 50 %"),
                              Tables::tr("%1: solved by 50 to 75 %"),
                              Tables::tr("%1: solved by 75 % and more"),
                              Tables::tr("%1: always solved")};
    return levels[std::clamp(group.level, 0, 5)].arg(task);
}

QString noteSentence(const ComparisonNote& note) {
    const QString checkpoint = toQString(note.checkpoint), evaluation = toQString(note.evaluation);
    using Kind = ComparisonNote::Kind;
    switch (note.kind) {
        case Kind::NoEvaluation:
            return evaluation.isEmpty()
                       ? Tables::tr("%1 was not evaluated.").arg(checkpoint)
                       : Tables::tr("%1 was not evaluated on %2.").arg(checkpoint, evaluation);
        case Kind::OtherSet:
            return Tables::tr("%1 is left out: it was evaluated on another set of problems of %2.")
                .arg(checkpoint, evaluation);
        case Kind::NotCommon:
            return Tables::tr("%1 is left out: not all were evaluated on it with one set of problems.")
                .arg(evaluation);
        case Kind::Repeated:
            return Tables::tr("%1 was evaluated more than once on %2; the newest counts.")
                .arg(checkpoint, evaluation);
        case Kind::OtherSamples:
            return Tables::tr("%1 has another number of samples a problem than the baseline.")
                .arg(checkpoint);
        case Kind::ProblemsLeftOut:
            return Tables::tr("%1 problems of %2 are left out: not every checkpoint has answered them.")
                .arg(note.count)
                .arg(evaluation);
        case Kind::NothingInCommon:
            return Tables::tr("There is no set of problems that these checkpoints have in common.");
    }
    return {};
}

ValueTable checkpointTable(const ComparisonResult& result) {
    const Comparison& comparison = *result.comparison;
    ValueTable table;
    table.headers = {Tables::tr("Checkpoint"), Tables::tr("Role"),     Tables::tr("Accuracy %"),
                     Tables::tr("95 %"),       Tables::tr("Δ points"), Tables::tr("95 % of Δ"),
                     Tables::tr("p (Holm)"),   Tables::tr("Sign"),     Tables::tr("Lost"),
                     Tables::tr("Won"),        Tables::tr("Tokens"),   Tables::tr("Δ tokens")};
    const QString several =
        Tables::tr("Intervals and tests are by problem: several samples of one are not independent");
    table.headerTips = {
        {},
        {},
        several,
        Tables::tr("Wilson's interval"),
        Tables::tr("Accuracy minus the baseline's"),
        Tables::tr("Paired bootstrap over problems"),
        Tables::tr("Corrected for the number of comparisons in this table"),
        Tables::tr("▲ better, ▼ worse; * under 0.05, ** 0.01, *** 0.001 after the correction"),
        Tables::tr("Problems that only the baseline solves"),
        Tables::tr("Problems that only this one solves"),
        Tables::tr("Mean length of the answers")};
    const QString test = comparison.isSingleSample() ? Tables::tr("McNemar's exact test")
                                                     : Tables::tr("Paired t test, clustered by problem");
    for (std::size_t i = 0; i < comparison.checkpoints.size(); ++i) {
        const ComparedCheckpoint& checkpoint = comparison.checkpoints[i];
        const bool isBase = i == comparison.baseline;
        auto& row = table.rows.emplace_back();
        row.push_back(textCell(toQString(checkpoint.name), isBase ? Tone::Strong : Tone::None));
        row.push_back(textCell(roleText(result, i), Tone::Muted));
        if (i >= result.scores.size()) continue;
        const CheckpointScore& score = result.scores[i];
        row.push_back(percentCell(score.accuracy));
        row.push_back(percentIntervalCell(score.interval.low, score.interval.high));
        if (!score.against) {
            for (int column = 0; column < 6; ++column) row.push_back(textCell({}));
            row.push_back(numberCell(score.meanTokens));
            continue;
        }
        const AgainstBaseline& against = *score.against;
        row.push_back(signedCell(against.delta, true, toneOf(against.delta, against.holm)));
        row.push_back(result.isComplete
                          ? intervalCell(against.interval, true)
                          : TableCell{QStringLiteral("…"), {}, Tone::Muted, Tables::tr("Being drawn")});
        row.push_back(pCell(against.p, against.holm, test));
        row.push_back(markCell(against.delta, against.holm));
        row.push_back(countCell(against.flips.onlyFirst));
        row.push_back(countCell(against.flips.onlySecond));
        row.push_back(numberCell(score.meanTokens));
        row.push_back(signedCell(against.tokens.mean, false, Tone::None));
    }
    return table;
}

ValueTable groupsTable(const Comparison& comparison, const std::vector<ProblemGroup>& groups,
                       const std::vector<std::vector<GroupCell>>& cells) {
    ValueTable table;
    table.headers = {Tables::tr("Problems of"), Tables::tr("Checkpoint"), Tables::tr("Problems"),
                     Tables::tr("Accuracy %"),  Tables::tr("95 %"),       Tables::tr("Δ points"),
                     Tables::tr("95 % of Δ"),   Tables::tr("p (Holm)"),   Tables::tr("Sign"),
                     Tables::tr("Tokens")};
    table.headerTips = {{},
                        {},
                        {},
                        {},
                        Tables::tr("Wilson's interval"),
                        {},
                        Tables::tr("Student's t of the paired differences"),
                        Tables::tr("Corrected for all comparisons of this table")};
    const QString test = comparison.isSingleSample() ? Tables::tr("McNemar's exact test")
                                                     : Tables::tr("Paired t test, clustered by problem");
    for (std::size_t g = 0; g < groups.size(); ++g)
        for (std::size_t i = 0; i < cells[g].size(); ++i) {
            const GroupCell& cell = cells[g][i];
            const bool isBase = i == comparison.baseline;
            auto& row = table.rows.emplace_back();
            row = {textCell(groupText(groups[g])),
                   textCell(toQString(comparison.checkpoints[i].name), isBase ? Tone::Strong : Tone::None),
                   countCell(std::int64_t(groups[g].items.size())), percentCell(cell.accuracy),
                   percentIntervalCell(cell.interval.low, cell.interval.high)};
            if (isBase) {
                for (int column = 0; column < 4; ++column) row.push_back(textCell({}));
            } else {
                row.push_back(signedCell(cell.delta.mean, true, toneOf(cell.delta.mean, cell.holm)));
                row.push_back(intervalCell(cell.delta.interval, true));
                row.push_back(pCell(cell.p, cell.holm, test));
                row.push_back(markCell(cell.delta.mean, cell.holm));
            }
            row.push_back(numberCell(cell.meanTokens));
        }
    return table;
}

ValueTable lengthTable(const ComparisonResult& result) {
    ValueTable table;
    table.headers = {Tables::tr("Checkpoint"), Tables::tr("Tokens"), Tables::tr("Δ tokens"),
                     Tables::tr("95 % of Δ"), Tables::tr("p")};
    for (std::size_t i = 0; i < result.scores.size(); ++i) {
        const CheckpointScore& score = result.scores[i];
        auto& row = table.rows.emplace_back();
        row = {textCell(toQString(result.comparison->checkpoints[i].name),
                        score.against ? Tone::None : Tone::Strong),
               numberCell(score.meanTokens)};
        if (!score.against) continue;
        row.push_back(signedCell(score.against->tokens.mean, false, Tone::None));
        row.push_back(intervalCell(score.against->tokens.interval, false));
        row.push_back(numberCell(score.against->tokens.p));
    }
    return table;
}

ValueTable mergeTable(const ComparisonResult& result) {
    ValueTable table;
    table.headers = {Tables::tr("Merge"),           Tables::tr("Normalised accuracy"),
                     Tables::tr("Synergy, points"), Tables::tr("95 %"),
                     Tables::tr("Best parent"),     Tables::tr("Forgotten, points"),
                     Tables::tr("Parents"),         Tables::tr("Base")};
    table.headerTips = {
        {},
        Tables::tr("Mean over the tasks of its accuracy / that of the parent that is best at the task"),
        Tables::tr("Accuracy minus that of the best parent"),
        Tables::tr("Student's t over problems; the best parent was chosen on the same problems"),
        {},
        Tables::tr("Mean over the tasks of the base's accuracy minus its own"),
        Tables::tr("Those of its parents that are compared here"),
        Tables::tr("The recipe's base model, else the nearest common ancestor of the parents")};
    const auto& checkpoints = result.comparison->checkpoints;
    for (const MergeScore& merge : result.merges) {
        QStringList parents;
        for (const std::size_t parent : merge.parents) parents << toQString(checkpoints[parent].name);
        table.rows.push_back(
            {textCell(toQString(checkpoints[merge.checkpoint].name)), numberCell(merge.normalisedAccuracy),
             signedCell(merge.synergy, true, Tone::None), intervalCell(merge.difference.interval, true),
             textCell(toQString(checkpoints[merge.bestParent].name)),
             signedCell(merge.forgetting, true, Tone::None),
             parentsCell(result, merge, parents.join(QStringLiteral(", "))),
             textCell(merge.base ? toQString(checkpoints[*merge.base].name) : QStringLiteral("–"))});
    }
    return table;
}

ValueTable calibrationTable(const std::vector<CheckpointCalibration>& calibrations) {
    ValueTable table;
    table.headers = {Tables::tr("Checkpoint"), Tables::tr("Confidence"),    Tables::tr("Answers"),
                     Tables::tr("ECE"),        Tables::tr("Largest error"), Tables::tr("Brier")};
    table.headerTips = {{}, {}, {}, Tables::tr("Expected calibration error, ten bins of equal width")};
    for (const CheckpointCalibration& each : calibrations) {
        const auto add = [&](const QString& confidence, const Calibration& calibration) {
            if (calibration.count == 0) return;
            table.rows.push_back({textCell(toQString(each.name)), textCell(confidence),
                                  countCell(calibration.count), numberCell(calibration.expectedError),
                                  numberCell(calibration.largestError), numberCell(calibration.brier)});
        };
        add(Tables::tr("mean token probability of the answer"), each.probability);
        add(Tables::tr("agreement among samples"), each.agreement);
    }
    return table;
}

ValueTable weightTable(const CheckpointDifference& difference) {
    const auto has = [&](auto test) {
        return std::any_of(difference.tensors.begin(), difference.tensors.end(), test);
    };
    const bool vectors = has([](const TensorDifference& each) { return each.taskVectors.has_value(); });
    const bool spectra = has([](const TensorDifference& each) { return each.spectrum.has_value(); });
    ValueTable table;
    table.headers = {Tables::tr("Tensor"),   Tables::tr("Shape"),       Tables::tr("Cosine"),
                     Tables::tr("L2"),       Tables::tr("Relative L2"), Tables::tr("Largest"),
                     Tables::tr("Changed %")};
    if (vectors)
        table.headers << Tables::tr("Cosine of moves") << Tables::tr("Move of A") << Tables::tr("Move of B")
                      << Tables::tr("Signs differ %");
    if (spectra)
        table.headers << Tables::tr("Largest singular") << Tables::tr("Stable rank")
                      << Tables::tr("Effective rank");
    for (const TensorDifference& each : difference.tensors) {
        auto& row = table.rows.emplace_back();
        row = {textCell(toQString(each.name)), textCell(shapeText(each.shape), Tone::Muted),
               numberCell(each.cosine),        numberCell(each.l2),
               numberCell(each.relativeL2),    numberCell(each.maxAbs),
               percentCell(each.changed)};
        if (each.alignedByToken)
            row[0].toolTip = Tables::tr("Rows paired by token: the tokenizers number them differently");
        if (each.nonFinite > 0) {
            row[0].tone = Tone::Bad;
            row[0].text += QStringLiteral(" ⚠");
            row[0].toolTip = Tables::tr("%1 elements are no finite numbers and left out").arg(each.nonFinite);
        }
        if (vectors) {
            const auto moves = each.taskVectors.value_or(TaskVectorDifference{});
            row.insert(row.end(), {numberCell(moves.cosine), numberCell(moves.normA), numberCell(moves.normB),
                                   percentCell(moves.signConflict)});
        }
        if (spectra && each.spectrum && !each.spectrum->values.empty())
            row.insert(row.end(),
                       {numberCell(each.spectrum->values[0]), numberCell(each.spectrum->stableRank),
                        numberCell(each.spectrum->effectiveRank)});
    }
    return table;
}

}  // namespace retort
