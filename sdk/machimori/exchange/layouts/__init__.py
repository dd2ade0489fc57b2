"""In which columns are lists of evacuation sites and shelters published, be they rows of a sheet or properties of a feature?"""
