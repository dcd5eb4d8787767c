"""What is allowed: the rules of every desk, without Qt."""

from cbo_desk.loading import OURS, one_thread_at_a_time

one_thread_at_a_time(*OURS)
