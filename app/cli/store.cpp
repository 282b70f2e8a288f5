// retort-cli store …: looking after the one file.
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/table.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

// Commands that look after a store must not make one.
fs::path existingStore(const Context& context) {
    const fs::path file = context.storeFile();
    std::error_code code;
    if (!fs::exists(file, code))
        throw Error("there is no store here", file.string(), "--store names another");
    return file;
}

}  // namespace

int runStoreCheck(Context& context) {
    StoreReader reader = context.reader();
    const StoreCheckReport report = reader.check();
    if (context.json()) {
        std::puts(Json{{"problems", report.problems}, {"checked", report.checked}}.dump(2).c_str());
    } else {
        if (!context.quiet())
            for (const std::string& line : report.checked) std::printf("checked: %s\n", line.c_str());
        for (const std::string& line : report.problems) std::printf("problem: %s\n", line.c_str());
        if (report.problems.empty()) std::printf("%s is in order\n", context.storeFile().c_str());
    }
    return report.problems.empty() ? exitOk : exitProblemsFound;
}

int runStoreBackup(Context& context) {
    const fs::path target = fs::absolute(context.arguments().positional(0));
    std::error_code code;
    if (fs::exists(target, code))
        throw Error("is there already", target.string(), "name a file that does not exist yet");
    StoreWriter(existingStore(context)).backup(target).get();
    context.note("copied to " + target.string());
    return exitOk;
}

int runStoreQuery(Context& context) {
    StoreReader reader = context.reader();
    const StoreReader::Table table =
        reader.query(context.arguments().positional(0), context.arguments().integer("--limit", -1));
    if (!context.json()) {
        std::vector<std::vector<std::string>> rows = table.rows;
        for (auto& row : rows)
            for (std::string& cell : row) cell = printable(cell);
        std::fputs(formatTable(table.columns, rows).c_str(), stdout);
        return exitOk;
    }
    for (const auto& row : table.rows) {
        Json object = Json::object();
        for (std::size_t i = 0; i < row.size(); ++i) object[table.columns[i]] = row[i];
        std::puts(object.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
    }
    return exitOk;
}

int runStoreCompact(Context& context) {
    const fs::path file = existingStore(context);
    const auto before = fs::file_size(file);
    StoreWriter(file).compact().get();
    const auto after = fs::file_size(file);
    if (context.json())
        std::puts(Json{{"bytes_before", before}, {"bytes_after", after}}.dump().c_str());
    else
        context.note(std::to_string(before) + " bytes before, " + std::to_string(after) + " after");
    return exitOk;
}

int runStoreReindex(Context& context) {
    const std::string named = context.arguments().positional(0);
    const fs::path root = named.empty() ? context.runsFolder() : fs::absolute(named);
    std::error_code code;
    if (!fs::is_directory(root, code)) throw Error("there is no such folder of runs", root.string());
    const int count = StoreWriter(context.storeFile()).reindex(root).get();
    if (context.json())
        std::puts(Json{{"runs", count}}.dump().c_str());
    else
        context.note(std::to_string(count) + " runs indexed");
    return exitOk;
}

}  // namespace retort::cli
