/** One cell, in the process that it has for itself: runs the workload, saves it, restores it, measures. */
package tidemark.lab.cell;
