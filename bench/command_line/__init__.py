"""What the commands are called and which flags they take; what they do is loaded when they are called."""
