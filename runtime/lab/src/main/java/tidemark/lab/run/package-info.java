/** A run of an experiment: its folder, its journal, the cells one after the other. */
package tidemark.lab.run;
