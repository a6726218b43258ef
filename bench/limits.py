"""How much of everything there may be; docs/limits.md states these numbers to users."""

MOST_DIMS = 1000  # parameters of a problem
MOST_TRIALS = 999_999  # as --trials and --initial are written; ten per dimension may be more
MOST_SEEDS = 10_000
MOST_REPEATS = 1000  # of tune --repeats
MOST_RUNS = 1_000_000  # of an experiment, skipped ones included
MOST_RETRAININGS = 1000  # of --retrain
MOST_JOBS = 1024  # worker processes
MOST_STEPS = 100_000  # updates of a learning-rate range test
MOST_SHARDS = 999_999
MOST_ADVISED_TRIALS = 1000  # of `recommend`, for nothing on record goes further
MOST_RECORDED = 20_000  # trials of a recording, which every worker process learns anew
LONGEST_NAME = 1000  # characters of a strategy's, a pruner's or a problem's name; commands and paths are names, too
LONGEST_FOLDER = 100  # characters of --name
LARGEST_FILE = 100_000  # bytes of an experiment.toml
LONGEST_S = 31_536_000  # a year: of --time-limit, --trial-timeout and --ask-timeout
LONGEST_CHECK_S = 86_400  # a day: of check --timeout
LONGEST_COMPLAINT = 2000  # characters of the line that says what was wrong with a command
