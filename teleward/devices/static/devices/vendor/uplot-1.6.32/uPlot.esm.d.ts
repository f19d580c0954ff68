// The types of uPlot.d.cts (published as uPlot.d.ts) for the module beside it.
import uPlot from "./uPlot.cjs";

export default uPlot;
