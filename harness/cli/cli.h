#ifndef DS_CLI_H
#define DS_CLI_H

/*
 * The command line: verbs (verbs.def), options (options.def), exit statuses (exit_status.def);
 * help, manual and parser are made from these three. Results go to stdout, progress and trouble to
 * stderr.
 */

/* Returns the exit status of the program. */
int ds_cli_main(int argc, char **argv);

#endif
