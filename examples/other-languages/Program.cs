using System;
using System.IO;
using System.Text;

/// <summary>Reads records, one a line, into the generated classes and writes them back.</summary>
public static class Program
{
    public static void Main()
    {
        var utf8 = new UTF8Encoding(false);
        var lines = new StreamReader(Console.OpenStandardInput(), utf8);
        var output = new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true };
        for (var line = lines.ReadLine(); line != null; line = lines.ReadLine())
        {
            output.WriteLine(City.Serialize.ToJson(City.Record.FromJson(line)));
        }
    }
}
