#include "views/models/verdict_glyph.h"

namespace retort {

QString verdictGlyph(StepVerdict verdict) {
    switch (verdict) {
        case StepVerdict::Correct:
            return QStringLiteral("✓");
        case StepVerdict::Wrong:
            return QStringLiteral("✗");
        case StepVerdict::Unchecked:
            break;
    }
    return QStringLiteral("·");
}

}  // namespace retort
