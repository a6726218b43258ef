#!/bin/sh
# Is your sampler, as it lies here, worse than it was at another commit? Exit code 1 where it is; the page is in comparison/.
#
# sh compare_with.sh origin/main --strategies my_sampler.py:MySampler --problems ackley,mlp-digits --dims 2,5 --trials 40 --seeds 20
#
# COMPARE="--strict --margin 1.1" adds to the comparison. Run it in the folder from which the sampler is named.
set -eu
commit=$1
shift
folder=$(mktemp -d)
trap 'git worktree remove --force "$folder/old"; rm -rf "$folder"' EXIT
git worktree add --quiet --detach "$folder/old" "$commit"
run() { # exit code 1: some runs failed, which is for the comparison to judge
    python -m bench run "$@" --results "$folder/results" || [ $? -eq 1 ]
}
(cd "$folder/old/$(git rev-parse --show-prefix)" && run "$@" --name old)
run "$@" --name new
# shellcheck disable=SC2086  # several words are meant
python -m bench compare old new --results "$folder/results" --output comparison ${COMPARE:-}
