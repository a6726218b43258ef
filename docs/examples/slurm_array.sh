#!/bin/sh
#SBATCH --array=1-16
#SBATCH --cpus-per-task=2
#SBATCH --time=04:00:00
# One part of an experiment for each task of a job array; no service, no shared database.
#
#   sbatch docs/examples/slurm_array.sh --problems ackley,mlp-digits --dims 2,5,10 --strategies random,gp,optuna-tpe
#
# A task that was killed is started again by the same line: it goes on where it was. When all have ended:
#
#   python -m bench merge 'array-*-of-16' --name array
exec python -m bench run --name array --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
    --jobs "${SLURM_CPUS_PER_TASK:-1}" "$@"
