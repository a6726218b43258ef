from bench.seeding import TrialStreams, rng_for


def test_a_stream_is_its_name():
    assert rng_for("a", 1).random(3).tolist() == rng_for("a", 1).random(3).tolist()
    draws = {rng_for(*names).random() for names in [("a", 1), ("a", 2), ("b", 1), ("a1",), ("a", "1"), (1, "a")]}
    assert len(draws) == 6


def test_streams_never_change_between_versions():
    # Stored experiments are resumed and compared by these numbers.
    assert rng_for("noise", 3, "ackley").integers(1_000_000, size=3).tolist() == [836689, 570393, 398437]


def test_a_trials_noise_does_not_depend_on_the_trials_before():
    one, other = TrialStreams("run"), TrialStreams("run")
    one.stream(1).random(1000)
    one.stream(2).integers(5)  # leaves half a draw in the generator
    assert one.stream(3).random(4).tolist() == other.stream(3).random(4).tolist()
    assert other.stream(3).random() != other.stream(4).random()
    assert TrialStreams("run").stream(1).random() != TrialStreams("other run").stream(1).random()
