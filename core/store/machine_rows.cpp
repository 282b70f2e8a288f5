#include "core/store/machine_rows.h"

#include <sstream>

#include "core/store/run_writing.h"
#include "core/util/clock.h"
#include "core/util/error.h"

namespace retort {
namespace {

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

RowId idOf(Database& database, const std::string& name) {
    Statement row(database, "SELECT id FROM machines WHERE name = ?1");
    return row.with(name).step() ? row.integer(0) : 0;
}

JobRow jobFrom(const Statement& row) {
    JobRow job;
    job.run = row.integer(0);
    job.machine = row.text(1);
    job.directory = row.text(2);
    job.scheduler = row.text(3);
    job.jobId = row.text(4);
    job.jobState = row.text(5);
    job.reason = row.text(6);
    job.expectedStart = row.optionalReal(7);
    job.changed = row.real(8);
    return job;
}

constexpr const char* jobColumns =
    "SELECT run_id, machine, directory, scheduler, job_id, job_state, reason, expected_start, changed FROM "
    "jobs ";

}  // namespace

std::vector<Machine> readMachines(Database& database) {
    Statement rows(database,
                   "SELECT name, destination, port, work_folder, environment, scheduler, libtorch, "
                   "runs_at_once, runs_per_gpu, nice FROM machines ORDER BY position, id");
    std::vector<Machine> machines;
    while (rows.step()) {
        Machine machine;
        machine.name = rows.text(0);
        machine.destination = rows.text(1);
        machine.port = int(rows.integer(2));
        machine.workFolder = rows.text(3);
        machine.environment = linesOf(rows.text(4));
        machine.scheduler = schedulerFrom(rows.text(5));
        machine.libtorch = rows.text(6);
        machine.runsAtOnce = int(rows.integer(7));
        machine.runsPerGpu = int(rows.integer(8));
        machine.nice = int(rows.integer(9));
        machines.push_back(std::move(machine));
    }
    return machines;
}

void saveMachine(Database& database, const Machine& machine, const std::string& before) {
    checkMachine(machine);
    const RowId changed = before.empty() ? 0 : idOf(database, before);
    if (!before.empty() && changed == 0) throw Error("there is no such machine any more", before);
    if (const RowId same = idOf(database, machine.name); same != 0 && same != changed)
        throw Error("there is a machine of this name already", machine.name, "choose another name");
    if (changed == 0)
        Statement(database,
                  "INSERT INTO machines (name, destination, port, work_folder, environment, scheduler, "
                  "libtorch, runs_at_once, runs_per_gpu, nice, position) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
                  "?7, ?8, ?9, ?10, (SELECT coalesce(max(position), 0) + 1 FROM machines))")
            .run(machine.name, machine.destination, machine.port, machine.workFolder,
                 joined(machine.environment), toString(machine.scheduler), machine.libtorch,
                 machine.runsAtOnce, machine.runsPerGpu, machine.nice);
    else
        Statement(database,
                  "UPDATE machines SET name = ?1, destination = ?2, port = ?3, work_folder = ?4, environment "
                  "= ?5, scheduler = ?6, libtorch = ?7, runs_at_once = ?8, runs_per_gpu = ?9, nice = ?10 "
                  "WHERE id = ?11")
            .run(machine.name, machine.destination, machine.port, machine.workFolder,
                 joined(machine.environment), toString(machine.scheduler), machine.libtorch,
                 machine.runsAtOnce, machine.runsPerGpu, machine.nice, changed);
    if (!before.empty() && before != machine.name)
        Statement(database, "UPDATE jobs SET machine = ?2 WHERE machine = ?1").run(before, machine.name);
}

void removeMachine(Database& database, const std::string& name) {
    const RowId id = idOf(database, name);
    if (id == 0) throw Error("there is no such machine any more", name);
    Statement(database, "DELETE FROM machines WHERE id = ?1").run(id);
}

std::vector<JobRow> readJobs(Database& database, const std::string& machine) {
    Statement rows(database, std::string(jobColumns) + "WHERE ?1 = '' OR machine = ?1 ORDER BY run_id DESC");
    std::vector<JobRow> jobs;
    for (rows.with(machine); rows.step();) jobs.push_back(jobFrom(rows));
    return jobs;
}

std::optional<JobRow> readJob(Database& database, RowId run) {
    Statement row(database, std::string(jobColumns) + "WHERE run_id = ?1");
    if (!row.with(run).step()) return std::nullopt;
    return jobFrom(row);
}

void saveJob(Database& database, const JobRow& job) {
    requireRun(database, job.run);
    Statement(database,
              "INSERT INTO jobs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (run_id) DO UPDATE "
              "SET machine = excluded.machine, directory = excluded.directory, scheduler = "
              "excluded.scheduler, job_id = excluded.job_id, job_state = excluded.job_state, reason = "
              "excluded.reason, expected_start = excluded.expected_start, changed = excluded.changed")
        .run(job.run, job.machine, job.directory, job.scheduler, job.jobId, job.jobState, job.reason,
             job.expectedStart, unixTime());
}

void removeJob(Database& database, RowId run) {
    Statement(database, "DELETE FROM jobs WHERE run_id = ?1").run(run);
}

}  // namespace retort
