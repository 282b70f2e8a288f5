<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB">
<context>
    <name>AskedPrompt</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n character(s)</source>
        <translation>
            <numerusform>%n character</numerusform>
            <numerusform>%n characters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MachineTables</name>
    <message numerus="yes">
        <source>%n core(s)</source>
        <translation>
            <numerusform>%n core</numerusform>
            <numerusform>%n cores</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n process(es); 100 % is one core</source>
        <translation>
            <numerusform>%n process; 100 % is one core</numerusform>
            <numerusform>%n processes; 100 % is one core</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QueueTables</name>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TreeTexts</name>
    <message numerus="yes">
        <source>%n continuation(s) were made from here</source>
        <translation>
            <numerusform>%n continuation was made from here</numerusform>
            <numerusform>%n continuations were made from here</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::AdoptDialog</name>
    <message numerus="yes">
        <source>%1 % · %n point(s)</source>
        <translation>
            <numerusform>%1 % · %n point</numerusform>
            <numerusform>%1 % · %n points</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A&amp;dopt %n run(s)</source>
        <translation>
            <numerusform>A&amp;dopt %n run</numerusform>
            <numerusform>A&amp;dopt %n runs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) and tables were found. Space marks what is to be adopted, F2 changes a name.</source>
        <translation>
            <numerusform>%n run or table was found. Space marks what is to be adopted, F2 changes a name.</numerusform>
            <numerusform>%n runs and tables were found. Space marks what is to be adopted, F2 changes a name.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n point(s)</source>
        <translation>
            <numerusform>%n point</numerusform>
            <numerusform>%n points</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s)</source>
        <translation>
            <numerusform>%n trace</numerusform>
            <numerusform>%n traces</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s)</source>
        <translation>
            <numerusform>%n checkpoint</numerusform>
            <numerusform>%n checkpoints</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) adopted.</source>
        <translation>
            <numerusform>%n run adopted.</numerusform>
            <numerusform>%n runs adopted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be adopted.</source>
        <translation>
            <numerusform>%n could not be adopted.</numerusform>
            <numerusform>%n could not be adopted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::AdoptJob</name>
    <message numerus="yes">
        <source>Looking there: %n log(s)</source>
        <translation>
            <numerusform>Looking there: %n log</numerusform>
            <numerusform>Looking there: %n logs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Looking: %n file(s)</source>
        <translation>
            <numerusform>Looking: %n file</numerusform>
            <numerusform>Looking: %n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::AdoptionPanel</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::AgreementDialog</name>
    <message numerus="yes">
        <source>%n trace(s) finished by two or more</source>
        <translation>
            <numerusform>%n trace finished by two or more</numerusform>
            <numerusform>%n traces finished by two or more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n step(s) rated by two or more.</source>
        <translation>
            <numerusform>%n step rated by two or more.</numerusform>
            <numerusform>%n steps rated by two or more.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) are left out until you have judged them.</source>
        <translation>
            <numerusform>%n item is left out until you have judged it.</numerusform>
            <numerusform>%n items are left out until you have judged them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::AnnotationBar</name>
    <message numerus="yes">
        <source>%1 of %n step(s) rated</source>
        <translation>
            <numerusform>%1 of %n step rated</numerusform>
            <numerusform>%1 of %n steps rated</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::AnswerDiff</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::BenchMeasuring</name>
    <message numerus="yes">
        <source>Measuring a row of %n point(s)…</source>
        <translation>
            <numerusform>Measuring a row of %n point…</numerusform>
            <numerusform>Measuring a row of %n points…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::BranchDialog</name>
    <message numerus="yes">
        <source>%n branch(es) kept in the run “branches of %1”.</source>
        <translation>
            <numerusform>%n branch kept in the run “branches of %1”.</numerusform>
            <numerusform>%n branches kept in the run “branches of %1”.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::CheckpointChooser</name>
    <message numerus="yes">
        <source>%n chosen; Ctrl and Shift choose several</source>
        <translation>
            <numerusform>%n chosen; Ctrl and Shift choose several</numerusform>
            <numerusform>%n chosen; Ctrl and Shift choose several</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::CompareDialog</name>
    <message numerus="yes">
        <source>Compare %n run(s)</source>
        <translation>
            <numerusform>Compare %n run</numerusform>
            <numerusform>Compare %n runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::ComparePage</name>
    <message numerus="yes">
        <source>%n problem(s): </source>
        <translation>
            <numerusform>%n problem: </numerusform>
            <numerusform>%n problems: </numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::DesignPage</name>
    <message numerus="yes">
        <source>%n problem(s) to solve first</source>
        <translation>
            <numerusform>%n problem to solve first</numerusform>
            <numerusform>%n problems to solve first</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n sequence(s) a step</source>
        <translation>
            <numerusform>%n sequence a step</numerusform>
            <numerusform>%n sequences a step</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::ExportDialog</name>
    <message numerus="yes">
        <source>%n record(s) written to %1</source>
        <translation>
            <numerusform>%n record written to %1</numerusform>
            <numerusform>%n records written to %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::HistoryPanel</name>
    <message numerus="yes">
        <source>%n event(s), newest first</source>
        <translation>
            <numerusform>%n event</numerusform>
            <numerusform>%n events, newest first</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::ImportDialog</name>
    <message numerus="yes">
        <source>%n trace(s)</source>
        <translation>
            <numerusform>%n trace</numerusform>
            <numerusform>%n traces</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n duplicate(s) passed over</source>
        <translation>
            <numerusform>%n duplicate passed over</numerusform>
            <numerusform>%n duplicates passed over</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n with the id of another one</source>
        <translation>
            <numerusform>%n with the id of another one</numerusform>
            <numerusform>%n with the id of another one</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out</source>
        <translation>
            <numerusform>%n left out</numerusform>
            <numerusform>%n left out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n wrong</source>
        <translation>
            <numerusform>%n wrong</numerusform>
            <numerusform>%n wrong</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: %n trace(s)</source>
        <translation>
            <numerusform>%1: %n trace</numerusform>
            <numerusform>%1: %n traces</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::JudgeDialog</name>
    <message numerus="yes">
        <source>Its group (%n trace(s))</source>
        <translation>
            <numerusform>Its group (%n trace)</numerusform>
            <numerusform>Its group (%n traces)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The list (%n trace(s))</source>
        <translation>
            <numerusform>The list (%n trace)</numerusform>
            <numerusform>The list (%n traces)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s) judged</source>
        <translation>
            <numerusform>%n trace judged</numerusform>
            <numerusform>%n traces judged</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rollout(s)</source>
        <translation>
            <numerusform>%n rollout</numerusform>
            <numerusform>%n rollouts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n without a word (%1)</source>
        <translation>
            <numerusform>%n without a word (%1)</numerusform>
            <numerusform>%n without a word (%1)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::LaneBox</name>
    <message numerus="yes">
        <source>%1 (%n trace(s))</source>
        <translation>
            <numerusform>%1 (%n trace)</numerusform>
            <numerusform>%1 (%n traces)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::LaunchBar</name>
    <message numerus="yes">
        <source>&amp;Launch %n run(s)</source>
        <translation>
            <numerusform>&amp;Launch %n run</numerusform>
            <numerusform>&amp;Launch %n runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::LayerMap</name>
    <message numerus="yes">
        <source>%n tensor(s)</source>
        <translation>
            <numerusform>%n tensor</numerusform>
            <numerusform>%n tensors</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::LineagePage</name>
    <message numerus="yes">
        <source>%n checkpoint(s)</source>
        <translation>
            <numerusform>%n checkpoint</numerusform>
            <numerusform>%n checkpoints</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::MainWindow</name>
    <message numerus="yes">
        <source>%n runs are going</source>
        <translation>
            <numerusform>%n run is going</numerusform>
            <numerusform>%n runs are going</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::MergePage</name>
    <message numerus="yes">
        <source>%1 wants at least %n model(s), the base not counted.</source>
        <translation>
            <numerusform>%1 wants at least %n model, the base not counted.</numerusform>
            <numerusform>%1 wants at least %n models, the base not counted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 takes at most %n model(s), the base not counted.</source>
        <translation>
            <numerusform>%1 takes at most %n model, the base not counted.</numerusform>
            <numerusform>%1 takes at most %n models, the base not counted.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::ParameterForm</name>
    <message numerus="yes">
        <source>%n changed</source>
        <translation>
            <numerusform>%n changed</numerusform>
            <numerusform>%n changed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation>
            <numerusform>%n problem</numerusform>
            <numerusform>%n problems</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::PlotView</name>
    <message numerus="yes">
        <source>%n value(s) at or below 0 not shown</source>
        <translation>
            <numerusform>%n value at or below 0 not shown</numerusform>
            <numerusform>%n values at or below 0 not shown</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::PrmDatasetDialog</name>
    <message numerus="yes">
        <source>%n trace(s)</source>
        <translation>
            <numerusform>%n trace</numerusform>
            <numerusform>%n traces</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::QueueDialog</name>
    <message numerus="yes">
        <source>%n trace(s)</source>
        <translation>
            <numerusform>%n trace</numerusform>
            <numerusform>%n traces</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::QueuePage</name>
    <message numerus="yes">
        <source>%n run(s) removed from the queue</source>
        <translation>
            <numerusform>%n run removed from the queue</numerusform>
            <numerusform>%n runs removed from the queue</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::QueuePane</name>
    <message numerus="yes">
        <source>%1 of %n item(s) finished</source>
        <translation>
            <numerusform>%1 of %n item finished</numerusform>
            <numerusform>%1 of %n items finished</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of %n control item(s), you found the first error in %1.</source>
        <translation>
            <numerusform>Of %n control item, you found the first error in %1.</numerusform>
            <numerusform>Of %n control items, you found the first error in %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::RerankDialog</name>
    <message numerus="yes">
        <source>%n problem(s). Best of N takes the answer with the highest score, the weighted vote the answer whose scores sum to most; pass@N is what a perfect judge would reach.</source>
        <translation>
            <numerusform>%n problem. Best of N takes the answer with the highest score, the weighted vote the answer whose scores sum to most; pass@N is what a perfect judge would reach.</numerusform>
            <numerusform>%n problems. Best of N takes the answer with the highest score, the weighted vote the answer whose scores sum to most; pass@N is what a perfect judge would reach.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::RunCommands</name>
    <message numerus="yes">
        <source>Took %n run(s) out of the archive</source>
        <translation>
            <numerusform>Took %n run out of the archive</numerusform>
            <numerusform>Took %n runs out of the archive</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Archived %n run(s)</source>
        <translation>
            <numerusform>Archived %n run</numerusform>
            <numerusform>Archived %n runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::RunTableModel</name>
    <message numerus="yes">
        <source>%n alarm(s)</source>
        <translation>
            <numerusform>%n alarm</numerusform>
            <numerusform>%n alarms</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::RunsPage</name>
    <message numerus="yes">
        <source>%n run(s)</source>
        <translation>
            <numerusform>%n run</numerusform>
            <numerusform>%n runs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n run(s)</source>
        <translation>
            <numerusform>%1 of %n run</numerusform>
            <numerusform>%1 of %n runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::SchedulePreview</name>
    <message numerus="yes">
        <source>Loss predicted from %n earlier run(s), %1 % off on them</source>
        <translation>
            <numerusform>Loss predicted from %n earlier run, %1 % off on them</numerusform>
            <numerusform>Loss predicted from %n earlier runs, %1 % off on them</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A loss forecast takes two runs of this model and task (%n so far).</source>
        <translation>
            <numerusform>A loss forecast takes two runs of this model and task (%n so far).</numerusform>
            <numerusform>A loss forecast takes two runs of this model and task (%n so far).</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::SlurmForm</name>
    <message numerus="yes">
        <source>%n node(s)</source>
        <translation>
            <numerusform>%n node</numerusform>
            <numerusform>%n nodes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n core(s)</source>
        <translation>
            <numerusform>%n core</numerusform>
            <numerusform>%n cores</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::SlurmPanel</name>
    <message numerus="yes">
        <source>edited: %n line(s) differ</source>
        <translation>
            <numerusform>edited: %n line differs</numerusform>
            <numerusform>edited: %n lines differ</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::TimeStrip</name>
    <message numerus="yes">
        <source>%1 (%n step(s))</source>
        <translation>
            <numerusform>%1 (%n step)</numerusform>
            <numerusform>%1 (%n steps)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::TraceCanvas</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>%n step</numerusform>
            <numerusform>%n steps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::TraceGroupModel</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::TraceListModel</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::TraceListPane</name>
    <message numerus="yes">
        <source>the first %n trace(s)</source>
        <translation>
            <numerusform>the first trace (%n)</numerusform>
            <numerusform>the first %n traces</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s)</source>
        <translation>
            <numerusform>%n trace</numerusform>
            <numerusform>%n traces</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::TraceView</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::TracesPage</name>
    <message numerus="yes">
        <source>Group of %n sample(s)</source>
        <translation>
            <numerusform>Group of %n sample</numerusform>
            <numerusform>Group of %n samples</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s) written to %1</source>
        <translation>
            <numerusform>%n trace written to %1</numerusform>
            <numerusform>%n traces written to %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n branch(es)</source>
        <translation>
            <numerusform>%n branch</numerusform>
            <numerusform>%n branches</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::TreeTab</name>
    <message numerus="yes">
        <source>%n sample(s), %1 right, %2 nodes</source>
        <translation>
            <numerusform>%n sample, %1 right, %2 nodes</numerusform>
            <numerusform>%n samples, %1 right, %2 nodes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n branch(es) made here</source>
        <translation>
            <numerusform>%n branch made here</numerusform>
            <numerusform>%n branches made here</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>retort::WeightsTab</name>
    <message numerus="yes">
        <source>%n tensor(s) only in A: </source>
        <translation>
            <numerusform>%n tensor only in A: </numerusform>
            <numerusform>%n tensors only in A: </numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) only in B: </source>
        <translation>
            <numerusform>%n tensor only in B: </numerusform>
            <numerusform>%n tensors only in B: </numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) of another shape are not compared</source>
        <translation>
            <numerusform>%n tensor of another shape is not compared</numerusform>
            <numerusform>%n tensors of another shape are not compared</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) are not compared: </source>
        <translation>
            <numerusform>%n tensor is not compared: </numerusform>
            <numerusform>%n tensors are not compared: </numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more field(s) of config.json differ</source>
        <translation>
            <numerusform>%n more field of config.json differs</numerusform>
            <numerusform>%n more fields of config.json differ</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s): cosine %1, relative L2 %2, %3 % of the elements changed</source>
        <translation>
            <numerusform>%n tensor: cosine %1, relative L2 %2, %3 % of the elements changed</numerusform>
            <numerusform>%n tensors: cosine %1, relative L2 %2, %3 % of the elements changed</numerusform>
        </translation>
    </message>
</context>
</TS>
