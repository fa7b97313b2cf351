"""What is kept: tables, statements and what each family of them is for. Of its neighbours it knows the rules alone."""
