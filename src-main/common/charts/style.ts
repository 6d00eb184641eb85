/** CSS of charts on paper. */
export const chartStyle = `
.chart { font-size: 9.5px; } .chart text { fill: #5b6570; } .chart .title { fill: #1b1f24; font-size: 11px; font-weight: 600; }
.chart .grid { stroke: #e8ebee; stroke-width: .7; } .chart .axis { stroke: #8b949e; fill: none; stroke-width: 1; } .chart .outside-limit { fill: #eef0f3; } .chart .limit { stroke: #a3182a; stroke-width: 1; stroke-dasharray: 3 2; } .chart .mark { fill: #a3182a; }
.chart .name { fill: #1b1f24; } .chart .normal { fill: #c3c9d0; } .chart .anomalous { stroke: #a3182a; stroke-width: 1.1; } .chart .hatch { stroke: #a3182a; stroke-width: .8; } .chart .threshold { stroke: #1b1f24; stroke-width: 1.4; }
`;
