<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB">
<context>
    <name>retort::CompareDialog</name>
    <message numerus="yes">
        <source>Compare %n run(s)</source>
        <translation><numerusform>Compare %n run</numerusform><numerusform>Compare %n runs</numerusform></translation>
    </message>
</context>
<context>
    <name>retort::DesignPage</name>
    <message numerus="yes">
        <source>%n problem(s) to solve first</source>
        <translation><numerusform>%n problem to solve first</numerusform><numerusform>%n problems to solve first</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n sequence(s) a step</source>
        <translation><numerusform>%n sequence a step</numerusform><numerusform>%n sequences a step</numerusform></translation>
    </message>
</context>
<context>
    <name>retort::LaunchBar</name>
    <message numerus="yes">
        <source>&amp;Launch %n run(s)</source>
        <translation><numerusform>&amp;Launch %n run</numerusform><numerusform>&amp;Launch %n runs</numerusform></translation>
    </message>
</context>
<context>
    <name>retort::MainWindow</name>
    <message numerus="yes">
        <source>%n runs are going</source>
        <translation><numerusform>%n run is going</numerusform><numerusform>%n runs are going</numerusform></translation>
    </message>
</context>
<context>
    <name>retort::ParameterForm</name>
    <message numerus="yes">
        <source>%n changed</source>
        <translation><numerusform>%n changed</numerusform><numerusform>%n changed</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation><numerusform>%n problem</numerusform><numerusform>%n problems</numerusform></translation>
    </message>
</context>
<context>
    <name>retort::PlotView</name>
    <message numerus="yes">
        <source>%n value(s) at or below 0 not shown</source>
        <translation><numerusform>%n value at or below 0 not shown</numerusform><numerusform>%n values at or below 0 not shown</numerusform></translation>
    </message>
</context>
<context>
    <name>retort::RunCommands</name>
    <message numerus="yes">
        <source>Took %n run(s) out of the archive</source>
        <translation><numerusform>Took %n run out of the archive</numerusform><numerusform>Took %n runs out of the archive</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Archived %n run(s)</source>
        <translation><numerusform>Archived %n run</numerusform><numerusform>Archived %n runs</numerusform></translation>
    </message>
</context>
<context>
    <name>retort::RunTableModel</name>
    <message numerus="yes">
        <source>%n alarm(s)</source>
        <translation><numerusform>%n alarm</numerusform><numerusform>%n alarms</numerusform></translation>
    </message>
</context>
<context>
    <name>retort::RunsPage</name>
    <message numerus="yes">
        <source>%n run(s)</source>
        <translation><numerusform>%n run</numerusform><numerusform>%n runs</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n run(s)</source>
        <translation><numerusform>%1 of %n run</numerusform><numerusform>%1 of %n runs</numerusform></translation>
    </message>
</context>
<context>
    <name>retort::SchedulePreview</name>
    <message numerus="yes">
        <source>Loss predicted from %n earlier run(s), %1 % off on them</source>
        <translation><numerusform>Loss predicted from %n earlier run, %1 % off on them</numerusform><numerusform>Loss predicted from %n earlier runs, %1 % off on them</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>A loss forecast takes two runs of this model and task (%n so far).</source>
        <translation><numerusform>A loss forecast takes two runs of this model and task (%n so far).</numerusform><numerusform>A loss forecast takes two runs of this model and task (%n so far).</numerusform></translation>
    </message>
</context>
<context>
    <name>retort::TraceGroupModel</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation><numerusform>%n token</numerusform><numerusform>%n tokens</numerusform></translation>
    </message>
</context>
<context>
    <name>retort::TraceListModel</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation><numerusform>%n token</numerusform><numerusform>%n tokens</numerusform></translation>
    </message>
</context>
<context>
    <name>retort::TraceView</name>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation><numerusform>%n token</numerusform><numerusform>%n tokens</numerusform></translation>
    </message>
</context>
<context>
    <name>retort::TracesPage</name>
    <message numerus="yes">
        <source>%n trace(s)</source>
        <translation><numerusform>%n trace</numerusform><numerusform>%n traces</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>Group of %n sample(s)</source>
        <translation><numerusform>Group of %n sample</numerusform><numerusform>Group of %n samples</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation><numerusform>%n token</numerusform><numerusform>%n tokens</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>%n trace(s) written to %1</source>
        <translation><numerusform>%n trace written to %1</numerusform><numerusform>%n traces written to %1</numerusform></translation>
    </message>
</context>
</TS>
