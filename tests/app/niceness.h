// How nice processes are, as the kernel tells it: every thread of a process and of those that descend from
// it.
#pragma once

#include <QDir>
#include <QFile>
#include <QHash>
#include <QList>
#include <QSet>
#include <algorithm>

namespace retort::test {

/// Fields of proc(5)'s stat behind the name: the state is the first.
inline QList<QByteArray> statOf(const QString& folder) {
    QFile stat(folder + "/stat");
    if (!stat.open(QIODevice::ReadOnly)) return {};  // it has just ended
    const QByteArray text = stat.readAll();
    return text.mid(text.lastIndexOf(')') + 2).split(' ');
}

inline QList<pid_t> familyOf(pid_t root) {
    QMultiHash<pid_t, pid_t> children;
    for (const QString& each : QDir("/proc").entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        if (each[0].digitValue() < 0) continue;
        const QList<QByteArray> fields = statOf("/proc/" + each);
        if (fields.size() > 1 && fields[0] != "Z")
            children.insert(pid_t(fields[1].toInt()), pid_t(each.toInt()));
    }
    QList<pid_t> all = {root};
    for (qsizetype i = 0; i < all.size(); ++i) all += children.values(all[i]);
    return all;
}

struct Niceness {
    QByteArray values;  ///< "10": all have it; "0 10": some have the one
    int processes = 0, threads = 0;
};

inline Niceness nicenessOf(pid_t root) {
    constexpr int place = 16;
    Niceness found;
    QSet<int> values;
    for (const pid_t process : familyOf(root)) {
        ++found.processes;
        const QString folder = QString("/proc/%1/task").arg(process);
        for (const QString& each : QDir(folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            const QList<QByteArray> fields = statOf(folder + "/" + each);
            if (fields.size() <= place) continue;
            values.insert(fields[place].toInt());
            ++found.threads;
        }
    }
    QList<int> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    for (const int value : sorted)
        found.values += (found.values.isEmpty() ? "" : " ") + QByteArray::number(value);
    return found;
}

}  // namespace retort::test
