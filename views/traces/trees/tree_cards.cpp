#include "views/traces/trees/tree_cards.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "views/models/format.h"

namespace retort {

namespace {

struct TreeTexts {
    Q_DECLARE_TR_FUNCTIONS(TreeTexts)
};

constexpr std::size_t kMostText = 400;

QString oneLine(const std::string& text) {
    return toQString(std::string_view(text).substr(0, kMostText)).simplified();
}

QString percent(double share) {
    return QStringLiteral("%1 %").arg(qRound(100 * share));
}

void setRate(TreeCard& card, std::int64_t correct, std::int64_t samples) {
    card.value = QStringLiteral("%1/%2").arg(correct).arg(samples);
    card.share = double(correct) / double(samples);
    card.interval = wilsonInterval(correct, samples);
}

QString rateText(const TreeCard& card) {
    return TreeTexts::tr("%1 right (%2, 95 % interval %3 to %4)")
        .arg(card.value, percent(*card.share), percent(card.interval->low), percent(card.interval->high));
}

}  // namespace

std::vector<TreeCard> cardsOf(const SearchTree& tree) {
    std::vector<TreeCard> cards;
    for (const TreeNode& node : tree.nodes) {
        TreeCard card;
        card.parent = node.parent;
        card.text = node.parent < 0 ? oneLine(tree.prompt) : oneLine(node.text);
        card.kept = node.kept;
        if (node.finished) card.correct = node.correct;
        QStringList lines{card.text, TreeTexts::tr("round %1, %2 tokens").arg(node.round).arg(node.tokens)};
        if (node.rollouts > 0) {
            setRate(card, node.successes, node.rollouts);
            lines << rateText(card);
        }
        if (node.value && std::isfinite(*node.value)) {
            if (card.value.isEmpty()) {
                card.value = formatNumber(*node.value);
                card.share = std::clamp(*node.value, 0.0, 1.0);
            }
            lines << TreeTexts::tr("value %1").arg(formatNumber(*node.value));
        }
        if (node.weight) {
            card.weight = formatNumber(*node.weight);
            lines << TreeTexts::tr("weight %1").arg(card.weight);
        }
        if (node.visits > 0) lines << TreeTexts::tr("%1 visits").arg(node.visits);
        if (!node.kept) lines << TreeTexts::tr("dropped in its round");
        card.toolTip = lines.join(QLatin1Char('\n'));
        cards.push_back(std::move(card));
    }
    for (std::int32_t node = tree.chosen; node >= 0 && node < std::int32_t(cards.size());
         node = cards[std::size_t(node)].parent)
        cards[std::size_t(node)].onPath = true;
    return cards;
}

std::vector<TreeCard> cardsOf(const std::vector<TrieNode>& nodes, std::optional<std::size_t> open) {
    std::vector<TreeCard> cards;
    for (const TrieNode& node : nodes) {
        TreeCard card;
        card.parent = node.parent;
        card.text = node.parent < 0 ? TreeTexts::tr("(prompt)") : oneLine(node.text);
        QStringList lines{card.text};
        if (node.samples > 0) {
            setRate(card, node.correct, node.samples);
            lines << rateText(card)
                  << TreeTexts::tr("%1 tokens on average").arg(formatNumber(node.meanTokens));
        }
        if (node.isAnswer && node.samples > 0) card.correct = node.correct == node.samples;
        card.branched = !node.branches.empty();
        if (card.branched)
            lines << TreeTexts::tr("%n continuation(s) were made from here", nullptr,
                                   static_cast<int>(node.branches.size()));
        card.onPath = open && std::find(node.traces.begin(), node.traces.end(), *open) != node.traces.end();
        card.toolTip = lines.join(QLatin1Char('\n'));
        cards.push_back(std::move(card));
    }
    return cards;
}

}  // namespace retort
