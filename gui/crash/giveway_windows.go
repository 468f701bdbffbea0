package crash

// giveWay does nothing on Windows, where the program has not been measured on two free processors.
func giveWay(int) {}
