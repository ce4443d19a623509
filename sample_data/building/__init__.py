"""What turns the cast of made-up households into departments' files and the expectations beside them."""
