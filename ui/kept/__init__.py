"""What is kept on this workstation until the server has taken it, and what a person must look at."""
