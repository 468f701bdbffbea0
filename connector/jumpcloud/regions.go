package jumpcloud

// Region is where an organization's data is stored. Each region has its own hosts, and knows only its own keys.
type Region struct {
	// ID is the short name that is stored with a connection.
	ID string
	// Console is the address of the Admin Portal. The API is below /api.
	Console string
}

// Regions lists JumpCloud's regions, the largest first. The hosts are from JumpCloud's published contract.
func Regions() []Region {
	return []Region{
		{ID: "us", Console: "https://console.jumpcloud.com"},
		{ID: "eu", Console: "https://console.eu.jumpcloud.com"},
		{ID: "in", Console: "https://console.in.jumpcloud.com"},
	}
}
