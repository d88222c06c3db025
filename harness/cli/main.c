#include "cli.h"

int main(int argc, char **argv)
{
    return ds_cli_main(argc, argv);
}
