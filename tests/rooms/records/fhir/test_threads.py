"""Several threads of one process begin to read at the same moment, as those of the jobs do after a start."""

import subprocess
import sys

BEGINNING = """
import sys, threading
sys.setswitchinterval(1e-6)
from teleward.records.fhir.reading import read
body = b'{"resourceType": "Patient", "name": [{"text": "A"}], "contained": [{"resourceType": "Patient"}]}'
begun = threading.Barrier(8)
def reads():
    begun.wait()
    for _ in range(20):
        read("Patient", body)
threads = [threading.Thread(target=reads) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print("all of them have read")
"""
STARTS = 8  # three of ten broke where each thread described the structs for itself


def test_threads_that_read_for_the_first_time_together_all_do() -> None:
    for _ in range(STARTS):
        done = subprocess.run([sys.executable, "-c", BEGINNING], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "all of them have read\n"), done.stderr
