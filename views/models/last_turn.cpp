#include "views/models/last_turn.h"

#include <QStringList>

namespace retort {

QString lastTurn(const QString& prompt) {
    static const QStringList begins = {QStringLiteral("<|im_start|>user"),
                                       QStringLiteral("<|start_header_id|>user<|end_header_id|>"),
                                       QStringLiteral("[INST]"), QStringLiteral("<|user|>")};
    for (const QString& begin : begins) {
        const qsizetype at = prompt.lastIndexOf(begin);
        if (at < 0) continue;
        QString turn = prompt.mid(at + begin.size());
        for (const QString& end : {QStringLiteral("<|"), QStringLiteral("[/INST]"), QStringLiteral("</s>")})
            turn.truncate(turn.indexOf(end) < 0 ? turn.size() : turn.indexOf(end));
        turn = turn.trimmed();
        return turn.isEmpty() ? prompt : turn;
    }
    return prompt;
}

}  // namespace retort
