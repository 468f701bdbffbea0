package jumpcloud

// Region is where an organization's data lives. It decides the hosts. A key is known in its own region only.
type Region struct {
	// ID is the short name that is stored with a connection.
	ID string
	// Console is the address of the Admin Portal and, below /api, of the API.
	Console string
}

// Regions lists JumpCloud's regions, the largest first. The hosts are those of JumpCloud's own contract.
func Regions() []Region {
	return []Region{
		{ID: "us", Console: "https://console.jumpcloud.com"},
		{ID: "eu", Console: "https://console.eu.jumpcloud.com"},
		{ID: "in", Console: "https://console.in.jumpcloud.com"},
	}
}
