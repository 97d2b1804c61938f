module sic

go 1.23
