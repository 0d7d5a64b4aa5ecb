/** What an experiment will take, by what is known of an earlier run. */
package tidemark.lab.estimate;
